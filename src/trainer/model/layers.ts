import {
  add,
  matMul,
  batchNorm as normalise,
  ones as onesTensor,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  zeros as zerosTensor,
} from '@tensorflow/tfjs-core'
import type { WindowAttributes } from '../kernels/contract.js'
import { batchNormTraining, conv2d } from '../kernels/ops.js'
import type { ForwardMode } from './classifier.js'
import { heNormal, ones, uniformByInputs, zeros } from './initialisers.js'
import type { VariableStore } from './variables.js'

/** Applies a layer whose variables exist already. */
export type Layer = (x: Tensor, mode: ForwardMode) => Tensor

/** PyTorch's defaults. `momentum` is the weight of the new batch. */
const BATCH_NORM = { epsilon: 1e-5, momentum: 0.1 }

export interface ConvolutionOptions extends WindowAttributes {
  inputs: number
  outputs: number
  filterSize: number
}

/** `torch.nn.Conv2d` without bias. */
export function convolution(store: VariableStore, name: string, options: ConvolutionOptions): Layer {
  const { inputs, outputs, filterSize, strides, padding } = options
  const shape = [filterSize, filterSize, inputs, outputs]
  const weight = store.parameter(`${name}.weight`, shape, heNormal(shape))
  return (x) => conv2d(x, weight, { strides, padding })
}

/** `torch.nn.BatchNorm2d`. */
export function batchNorm(store: VariableStore, name: string, channels: number): Layer {
  const scale = store.parameter(`${name}.weight`, [channels], ones)
  const offset = store.parameter(`${name}.bias`, [channels], zeros)
  const runningMean = store.buffer(`${name}.running_mean`, [channels], zeros)
  const runningVariance = store.buffer(`${name}.running_var`, [channels], ones)
  return (x, { training, updateStatistics }) => {
    if (!training) {
      return normalise(x as Tensor4D, runningMean, runningVariance, offset, scale, BATCH_NORM.epsilon)
    }
    if (!updateStatistics) {
      // Reading the running statistics, which come out unused, would make a replica wait for the first one's.
      const unused = { runningMean: zerosTensor([channels]), runningVariance: onesTensor([channels]) }
      return batchNormTraining(x, { scale, offset, ...unused }, BATCH_NORM).y
    }
    const result = batchNormTraining(x, { scale, offset, runningMean, runningVariance }, BATCH_NORM)
    runningMean.assign(result.runningMean)
    runningVariance.assign(result.runningVariance)
    return result.y
  }
}

/** `torch.nn.Linear`. */
export function linear(store: VariableStore, name: string, inputs: number, outputs: number): Layer {
  const weight = store.parameter(`${name}.weight`, [inputs, outputs], uniformByInputs(inputs))
  const bias = store.parameter(`${name}.bias`, [outputs], uniformByInputs(inputs))
  return (x) => add(matMul(x as Tensor2D, weight as Tensor as Tensor2D), bias)
}
