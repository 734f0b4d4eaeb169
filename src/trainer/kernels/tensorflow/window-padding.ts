import type { Tensor } from '@tensorflow/tfjs-core'
import { attribute } from '../../runtime/attributes.js'
import { dtypes } from '../../runtime/dtype.js'
import type { TensorFlowKernelBackend } from '../../runtime/kernel-backend.js'
import type { WindowAttributes } from '../contract.js'
import { int32Pairs, int32Vector } from './kernel.js'

/**
 * How a window operation with PyTorch's padding is said to TensorFlow. At stride 1, "half" padding is SAME.
 * Elsewhere SAME pads differently from PyTorch, and EXPLICIT has slow gradients on CPUs (7x7 stem filter
 * gradient 36.5 ms against 13.8; 8x8 stride-2 input gradient 18.9 against 7.7): there the input is padded first.
 */
export type PaddingPlan =
  | { padding: 'SAME' | 'VALID'; pads: null }
  | { padding: 'VALID'; pads: readonly (readonly [before: number, after: number])[] }

/** `shape` is [N, H, W, C], `window` [kernel height, kernel width]. */
export function planPadding(
  shape: readonly number[],
  window: readonly [number, number],
  { strides, padding }: WindowAttributes,
): PaddingPlan {
  const keepsSize = strides === 1 && window.every((size) => size === 2 * padding + 1)
  if (padding === 0) return { padding: 'VALID', pads: null }
  if (keepsSize) return { padding: 'SAME', pads: null }
  const spatial = window.map((size, axis) => {
    const length = shape[axis + 1] as number
    const outputs = Math.floor((length + 2 * padding - size) / strides) + 1
    // Rows that no window reaches need not be padded.
    const reached = (outputs - 1) * strides + size
    return [padding, Math.max(reached - length - padding, 0)] as const
  })
  return { padding: 'VALID', pads: [[0, 0], ...spatial, [0, 0]] }
}

/** `shape` grown by the plan's pads. */
export function paddedShape(shape: readonly number[], plan: PaddingPlan): number[] {
  return shape.map((size, axis) => {
    const [before, after] = plan.pads?.[axis] ?? [0, 0]
    return size + before + after
  })
}

/** `x` padded with `value` as planned; `x` itself, not to be disposed, where there is nothing to pad. */
export function pad(
  backend: TensorFlowKernelBackend,
  x: Tensor,
  plan: PaddingPlan,
  value: Tensor | null,
): Tensor {
  if (plan.pads === null) return x
  const paddings = int32Pairs(plan.pads)
  const attributes = [attribute.type('T', dtypes.float32), attribute.type('Tpaddings', dtypes.int32)]
  const padded =
    value === null
      ? backend.executeSingleOutput('Pad', attributes, [x, paddings])
      : backend.executeSingleOutput('PadV2', attributes, [x, paddings, value])
  paddings.dispose()
  return padded
}

/** The part of a padded gradient that belongs to the unpadded input of `shape`. Disposes `padded`. */
export function cropPadding(
  backend: TensorFlowKernelBackend,
  padded: Tensor,
  shape: readonly number[],
  plan: PaddingPlan,
): Tensor {
  if (plan.pads === null) return padded
  const begin = int32Vector(plan.pads.map(([before]) => before))
  const size = int32Vector(shape)
  const attributes = [attribute.type('T', dtypes.float32), attribute.type('Index', dtypes.int32)]
  const cropped = backend.executeSingleOutput('Slice', attributes, [padded, begin, size])
  for (const tensor of [padded, begin, size]) tensor.dispose()
  return cropped
}
