import { createRequire } from 'node:module'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { type BackendWasm, setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm'
import {
  backend as currentBackend,
  engine,
  findBackend,
  findBackendFactory,
  ready,
  registerBackend,
  removeBackend,
  setBackend,
  type Tensor,
  tensor4d,
  tidy,
} from '@tensorflow/tfjs-core'
import { TandemError } from '../../../shared/errors.js'
import type { Backend, CompiledStep } from '../../backend.js'
import { registerGradients } from '../gradients.js'
import { failOnExhaustedMemory } from './exhausted-memory.js'
import { registerWasmKernels } from './register.js'
import { withWritableState } from './writable-state.js'

// Removing a backend forgets its factory, and a later one in the same process needs it again.
const createTfjsBackend = findBackendFactory('wasm')

/**
 * tfjs's WebAssembly backend (SIMD, one thread) with Tandem's kernels, and the current backend of tfjs from
 * then on. There can be one at a time in a thread. It computes on the calling thread: `deviceCount` gives
 * names to place replicas on, and they run one after another.
 *
 * @throws TandemError `wasm-unavailable` where the WebAssembly module cannot be started.
 */
export async function createWasmBackend({ deviceCount }: { deviceCount: number }): Promise<Backend> {
  await startTfjsBackend()
  const tfjsBackend = currentBackend() as BackendWasm
  failOnExhaustedMemory(tfjsBackend)
  const devices = Array.from({ length: deviceCount }, (_, index) => `wasm:${index}`)
  let compiledSteps = 0

  return {
    name: 'wasm',
    version: version_wasm,
    devices,

    compile(step, { name, state }): CompiledStep {
      const writable = new Set(state)
      let running = false
      compiledSteps++
      return {
        async run(...inputs) {
          if (running) throw overlapping(name)
          running = true
          try {
            // A step blocks the thread for long; what waits on the event loop, a stop above all, goes first.
            await setImmediate()
            return withWritableState(name, writable, () => tidy(() => step(...inputs)))
          } finally {
            running = false
          }
        },
        prepare() {},
        dispose() {
          compiledSteps--
        },
      }
    },

    withDevice(device, build) {
      if (!devices.includes(device)) throw unknownDevice(device, devices)
      return build()
    },

    uploadImages(bytes, batch): Tensor {
      return tensor4d(Int32Array.from(bytes), [batch, 32, 32, 3], 'int32')
    },

    resources: () => ({
      tensors: engine().memory().numTensors,
      handles: tfjsBackend.numDataIds(),
      functions: compiledSteps,
    }),

    dispose() {
      removeBackend('wasm')
    },
  }
}

async function startTfjsBackend(): Promise<void> {
  if (findBackend('wasm') !== null) throw alreadyRunning()
  if (findBackendFactory('wasm') === undefined) registerBackend('wasm', createTfjsBackend)
  const packageFile = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')
  setWasmPaths(path.dirname(packageFile) + path.sep)
  registerWasmKernels()
  registerGradients()
  if (!(await setBackend('wasm'))) throw unavailable()
  await ready()
}
