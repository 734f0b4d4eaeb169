import { env } from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe } from 'vitest'
import type { Backend } from '../../backend.js'
import { tfjsGradientsSuite } from '../test-support/gradients-suite.js'
import { opsSuite } from '../test-support/ops-suite.js'
import { createWasmBackend } from './wasm-backend.js'

// Makes tfjs check after each kernel that it left no memory behind.
env().set('IS_TEST', true)

describe('ops on the wasm backend', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await createWasmBackend({ deviceCount: 1 })
  })
  afterAll(() => backend.dispose())

  opsSuite(() => backend)
  tfjsGradientsSuite()
})
