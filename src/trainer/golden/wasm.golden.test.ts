import { afterAll, beforeAll, describe } from 'vitest'
import type { Backend } from '../backend.js'
import { createWasmBackend } from '../kernels/wasm/wasm-backend.js'
import { goldenSuite } from './golden-suite.js'

describe('the wasm backend', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await createWasmBackend({ deviceCount: 1 })
  })
  afterAll(() => backend.dispose())

  goldenSuite(() => backend)
})
