import { add, mul, scalar, sub, type Tensor, tidy } from '@tensorflow/tfjs-core'
import { attribute } from '../../runtime/attributes.js'
import { dtypes } from '../../runtime/dtype.js'
import type { TensorFlowKernelBackend } from '../../runtime/kernel-backend.js'
import type { Trace } from '../../runtime/trace.js'
import { updateInPlace } from '../../runtime/traced-variables.js'
import { type KernelCall, register } from './kernel.js'

type Update = KernelCall<'ApplyMomentum'>

export function registerMomentum(): void {
  register('ApplyMomentum', (call) => {
    const { trace } = call.backend.binding
    tidy(() => {
      const gradient = withWeightDecay(call)
      if (trace === null) assignUpdated(call, gradient)
      else recordUpdate(call, call.backend, trace, gradient)
    })
    return []
  })
}

function withWeightDecay({ inputs: { gradient }, attributes }: Update): Tensor {
  const { parameter, weightDecay } = attributes
  return weightDecay === 0 ? gradient : add(gradient, mul(parameter, scalar(weightDecay)))
}

function assignUpdated({ inputs, attributes }: Update, gradient: Tensor): void {
  const { parameter, velocity, momentum } = attributes
  velocity.assign(add(mul(velocity, scalar(momentum)), gradient))
  parameter.assign(sub(parameter, mul(velocity, inputs.learningRate)))
}

function recordUpdate(
  { inputs, attributes }: Update,
  backend: TensorFlowKernelBackend,
  trace: Trace,
  gradient: Tensor,
): void {
  const symbolOf = (tensor: Tensor) => trace.symbolOf(backend.idOf(tensor))
  const learningRate = symbolOf(inputs.learningRate)
  const gradientSymbol = symbolOf(gradient)
  const momentum = symbolOf(scalar(attributes.momentum))
  updateInPlace(backend, trace, [attributes.parameter, attributes.velocity], (handles, after) => {
    const [parameter, velocity] = handles as [(typeof handles)[0], (typeof handles)[0]]
    return trace.graph.addWithoutOutputs({
      type: 'ResourceApplyMomentum',
      inputs: [parameter as never, velocity as never, learningRate, gradientSymbol, momentum],
      attributes: [
        attribute.type('T', dtypes.float32),
        attribute.bool('use_locking', false),
        attribute.bool('use_nesterov', false),
      ],
      outputCount: 0,
      device: backend.binding.device,
      after,
    })
  })
}
