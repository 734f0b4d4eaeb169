import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { engine, type Variable } from '@tensorflow/tfjs-core'
import { allocate, floats, forgetPacked } from './heap.js'
import { wasmKernel } from './kernel.js'
import { assertWritable } from './writable-state.js'

export const applyMomentumKernel = wasmKernel('ApplyMomentum', (backend, inputs, attributes) => {
  const { parameter, velocity, momentum, weightDecay } = attributes
  for (const variable of [parameter, velocity]) {
    assertWritable(variable)
    unshare(backend, variable)
  }
  const gradient = floats(backend, inputs.gradient)
  const learningRate = floats(backend, inputs.learningRate)[0] as number
  const weights = floats(backend, parameter)
  const velocities = floats(backend, velocity)
  for (let index = 0; index < weights.length; index++) {
    const weight = weights[index] as number
    const decayed = (gradient[index] as number) + weightDecay * weight
    const speed = Math.fround(momentum * (velocities[index] as number) + decayed)
    velocities[index] = speed
    weights[index] = weight - learningRate * speed
  }
  forgetPacked(backend, parameter)
  return []
})

/** Writing in place must not change a tensor that was cloned from the variable: such a one keeps the memory. */
function unshare(backend: BackendWasm, variable: Variable): void {
  if (backend.refCount(variable.dataId) === 1) return
  const copy = allocate(backend, variable.shape)
  floats(backend, copy).set(floats(backend, variable))
  const tensor = engine().makeTensorFromTensorInfo(copy)
  variable.assign(tensor)
  tensor.dispose()
}
