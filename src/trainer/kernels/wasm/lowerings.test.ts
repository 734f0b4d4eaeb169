import { env } from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe } from 'vitest'
import type { Backend } from '../../backend.js'
import { loweringsSuite } from '../test-support/lowerings-suite.js'
import { applicableLowerings } from './lowerings.js'
import { createWasmBackend } from './wasm-backend.js'

// Makes tfjs check after each kernel that it left no memory behind.
env().set('IS_TEST', true)

describe('a convolution on wasm', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await createWasmBackend({ deviceCount: 1 })
  })
  afterAll(() => backend.dispose())

  loweringsSuite(({ kernel, convolution }) =>
    applicableLowerings(kernel, convolution).map(({ name }) => name),
  )
})
