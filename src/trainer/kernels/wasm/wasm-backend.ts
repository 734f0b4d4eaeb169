import { createRequire } from 'node:module'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { type BackendWasm, setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm'
import {
  clone,
  backend as currentBackend,
  engine,
  findBackendFactory,
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
import { rememberProcessListeners } from './process-listeners.js'
import { registerWasmKernels } from './register.js'
import { withWritableState } from './writable-state.js'

// Removing a backend forgets its factory, and a later one in the same process needs it again.
const createTfjsBackend = findBackendFactory('wasm')
let inUse = false

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
          if (running) throw overlappingCall(name)
          running = true
          try {
            // A step blocks the thread for long; what waits on the event loop, a stop above all, goes first.
            await setImmediate()
            return tidy(() => withWritableState(name, writable, () => step(...inputs)))
          } finally {
            running = false
          }
        },
        // There is nothing to trace: the step itself runs every time.
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

    phaseClock: () => null,

    uploadImages(bytes, batch): Tensor {
      return tensor4d(Int32Array.from(bytes), [batch, 32, 32, 3], 'int32')
    },

    // A kernel that writes in place takes a copy first where somebody else holds the memory.
    snapshot(variables) {
      const held = variables.map((variable) => [variable, clone(variable)] as const)
      return () => {
        for (const [variable, value] of held) {
          variable.assign(value)
          value.dispose()
        }
      }
    },

    resources: () => ({
      tensors: engine().memory().numTensors,
      handles: tfjsBackend.numDataIds(),
      functions: compiledSteps,
    }),

    dispose() {
      const restoreListeners = rememberProcessListeners()
      removeBackend('wasm')
      restoreListeners()
      inUse = false
    },
  }
}

async function startTfjsBackend(): Promise<void> {
  if (inUse) throw alreadyInUse()
  if (findBackendFactory('wasm') === null) registerBackend('wasm', createTfjsBackend)
  const entryFile = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')
  setWasmPaths(path.dirname(entryFile) + path.sep)
  registerWasmKernels()
  registerGradients()
  const restoreListeners = rememberProcessListeners()
  const started = await setBackend('wasm').finally(restoreListeners)
  if (!started) throw unavailable()
  inUse = true
}

function alreadyInUse(): TandemError {
  return new TandemError({
    code: 'internal',
    message: 'a second wasm backend was asked for while the first is in use',
    hint: 'Dispose the first, or use a worker thread.',
  })
}

function unavailable(): TandemError {
  return new TandemError({
    code: 'wasm-unavailable',
    message: 'the WebAssembly backend of TensorFlow.js did not start',
    hint: 'Check that node_modules/@tensorflow/tfjs-backend-wasm is complete; "npm ci" installs it anew.',
  })
}

function unknownDevice(device: string, devices: readonly string[]): TandemError {
  return new TandemError({
    code: 'unknown-device',
    message: `there is no device ${device}`,
    hint: `The devices are ${devices.join(', ')}.`,
  })
}

function overlappingCall(name: string): TandemError {
  return new TandemError({
    code: 'internal',
    message: `${name} was called while an earlier call of it was running`,
    hint: 'Await each call before the next.',
  })
}
