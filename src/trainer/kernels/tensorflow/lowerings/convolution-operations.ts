import type { Tensor } from '@tensorflow/tfjs-core'
import { attribute, type OpAttribute } from '../../../runtime/attributes.js'
import { dtypes } from '../../../runtime/dtype.js'
import type { TensorFlowKernelBackend } from '../../../runtime/kernel-backend.js'
import { type Convolution, outputSize } from '../../convolution-geometry.js'
import { int32Vector } from '../kernel.js'
import { cropPadding, pad, paddedShape, planPadding } from '../window-padding.js'

/*
 * TensorFlow's three convolution operations with PyTorch's padding, said in either of two ways: as `planPadding`
 * says it, or, where that pads the picture first, with explicit padding inside the operation.
 */

export type PaddingStyle = 'planned' | 'explicit'

/** Whether the two styles differ. */
export function isPaddedFirst(convolution: Convolution): boolean {
  return planOf(convolution).pads !== null
}

export function forwardOperation(
  backend: TensorFlowKernelBackend,
  x: Tensor,
  filter: Tensor,
  convolution: Convolution,
  style: PaddingStyle,
): Tensor {
  if (style === 'explicit') {
    return backend.executeSingleOutput('Conv2D', explicitAttributes(convolution), [x, filter])
  }
  const plan = planOf(convolution)
  const padded = pad(backend, x, plan, null)
  return backend.executeSingleOutput('Conv2D', attributesOf(convolution.strides, plan.padding), [
    padded,
    filter,
  ])
}

export function inputGradientOperation(
  backend: TensorFlowKernelBackend,
  dy: Tensor,
  filter: Tensor,
  convolution: Convolution,
  style: PaddingStyle,
): Tensor {
  const shape = pictureShape(convolution)
  if (style === 'explicit') {
    const inputs = [int32Vector(shape), filter, dy]
    return backend.executeSingleOutput('Conv2DBackpropInput', explicitAttributes(convolution), inputs)
  }
  const plan = planOf(convolution)
  const padded = backend.executeSingleOutput(
    'Conv2DBackpropInput',
    attributesOf(convolution.strides, plan.padding),
    [int32Vector(paddedShape(shape, plan)), filter, dy],
  )
  return cropPadding(backend, padded, shape, plan)
}

export function filterGradientOperation(
  backend: TensorFlowKernelBackend,
  x: Tensor,
  dy: Tensor,
  convolution: Convolution,
  style: PaddingStyle,
): Tensor {
  const filterSizes = int32Vector(filterShape(convolution))
  if (style === 'explicit') {
    const attributes = explicitAttributes(convolution)
    return backend.executeSingleOutput('Conv2DBackpropFilter', attributes, [x, filterSizes, dy])
  }
  const plan = planOf(convolution)
  const padded = pad(backend, x, plan, null)
  return backend.executeSingleOutput(
    'Conv2DBackpropFilter',
    attributesOf(convolution.strides, plan.padding),
    [padded, filterSizes, dy],
  )
}

/** A forward convolution with padding before and after each axis; `dilations` spreads the filter's taps. */
export function convolve(
  backend: TensorFlowKernelBackend,
  x: Tensor,
  filter: Tensor,
  pads: readonly [rows: readonly [number, number], columns: readonly [number, number]],
  dilations = 1,
): Tensor {
  return backend.executeSingleOutput('Conv2D', explicit(1, pads, dilations), [x, filter])
}

export function pictureShape({ batch, height, width, channels }: Convolution): number[] {
  return [batch, height, width, channels]
}

export function filterShape({ filterHeight, filterWidth, channels, filters }: Convolution): number[] {
  return [filterHeight, filterWidth, channels, filters]
}

export function outputShape(convolution: Convolution): number[] {
  return [convolution.batch, ...outputSize(convolution), convolution.filters]
}

function planOf(convolution: Convolution) {
  const { filterHeight, filterWidth } = convolution
  return planPadding(pictureShape(convolution), [filterHeight, filterWidth], convolution)
}

function explicitAttributes(convolution: Convolution): OpAttribute[] {
  const { padding, strides } = convolution
  const { pads } = planOf(convolution)
  const [rows, columns] = pads === null ? [] : pads.slice(1, 3)
  return explicit(strides, [rows ?? [padding, padding], columns ?? [padding, padding]], 1)
}

function explicit(
  strides: number,
  [rows, columns]: readonly [readonly [number, number], readonly [number, number]],
  dilations: number,
): OpAttribute[] {
  return [
    ...attributesOf(strides, 'EXPLICIT'),
    attribute.ints('explicit_paddings', [0, 0, ...rows, ...columns, 0, 0]),
    attribute.ints('dilations', [1, dilations, dilations, 1]),
  ]
}

function attributesOf(strides: number, padding: string): OpAttribute[] {
  return [
    attribute.type('T', dtypes.float32),
    attribute.ints('strides', [1, strides, strides, 1]),
    attribute.string('padding', padding),
    attribute.string('data_format', 'NHWC'),
  ]
}
