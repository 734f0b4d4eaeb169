import type { Tensor } from '@tensorflow/tfjs-core'
import type { TensorFlowKernelBackend } from '../../../runtime/kernel-backend.js'
import { type Convolution, outputLength } from '../../convolution-geometry.js'
import { concatenate, reshape, slice, transpose } from '../array-operations.js'
import { convolve, pictureShape } from './convolution-operations.js'

/*
 * The input gradient of a strided convolution, phase by phase: pixels whose row and column leave the same remainders
 * when divided by the strides see the same taps, so each such set of pixels is an ordinary convolution of dy with
 * those taps. Nothing is multiplied by the zeros that one puts between the gradients otherwise.
 */

/** A tap of one phase along one axis: pixel u of the phase gets dy[u + offset] under it. */
interface PhaseTap {
  tap: number
  offset: number
}

/** One phase along one axis. */
interface Phase {
  /** By ascending offset. */
  taps: readonly PhaseTap[]
  /** The gradients that the phase sees, and zeros around them. */
  begin: number
  count: number
  pads: readonly [before: number, after: number]
}

function phasesAlong(length: number, window: number, convolution: Convolution): Phase[] {
  const { strides, padding } = convolution
  const outputs = outputLength(length, window, convolution)
  const pixels = Math.ceil(length / strides)
  return Array.from({ length: strides }, (_, phase) => {
    const taps = Array.from({ length: window }, (_, tap) => ({
      tap,
      offset: (phase + padding - tap) / strides,
    }))
      .filter(({ offset }) => Number.isInteger(offset))
      .reverse()
    const first = taps[0]?.offset ?? 0
    const end = pixels + (taps.at(-1)?.offset ?? 0)
    const begin = Math.max(0, first)
    const count = Math.min(outputs, end) - begin
    return { taps, begin, count, pads: [Math.max(0, -first), Math.max(0, end - outputs)] as const }
  })
}

/** Whether every phase has a tap that sees a gradient, as it has unless the filter is smaller than the strides. */
export function hasTapsInEveryPhase(convolution: Convolution): boolean {
  const { height, width, filterHeight, filterWidth } = convolution
  return [phasesAlong(height, filterHeight, convolution), phasesAlong(width, filterWidth, convolution)]
    .flat()
    .every(({ taps, count }) => taps.length > 0 && count > 0)
}

export function inputGradientByPhases(
  backend: TensorFlowKernelBackend,
  { dy, filter }: { dy: Tensor; filter: Tensor },
  convolution: Convolution,
): Tensor {
  const { batch, height, width, channels, filterHeight, filterWidth, filters, strides } = convolution
  const [phaseHeight, phaseWidth] = [Math.ceil(height / strides), Math.ceil(width / strides)]
  const turned = transpose(backend, filter, [0, 1, 3, 2])
  const rows = phasesAlong(height, filterHeight, convolution).map((row) => {
    const columns = phasesAlong(width, filterWidth, convolution).map((column) => {
      const seen = slice(
        backend,
        dy,
        [0, row.begin, column.begin, 0],
        [batch, row.count, column.count, filters],
      )
      return convolve(backend, seen, takeTaps(backend, turned, row.taps, column.taps), [
        row.pads,
        column.pads,
      ])
    })
    const interleaved = concatenate(backend, columns, 3)
    return reshape(backend, interleaved, [batch, phaseHeight, 1, phaseWidth * strides * channels])
  })
  const map = reshape(backend, concatenate(backend, rows, 2), [
    batch,
    phaseHeight * strides,
    phaseWidth * strides,
    channels,
  ])
  return slice(backend, map, [0, 0, 0, 0], pictureShape(convolution))
}

/** The taps of one phase out of a filter [kh, kw, K, C], as a filter of their own. */
function takeTaps(
  backend: TensorFlowKernelBackend,
  filter: Tensor,
  rowTaps: readonly PhaseTap[],
  columnTaps: readonly PhaseTap[],
): Tensor {
  const [, , filters, channels] = filter.shape as [number, number, number, number]
  const rows = rowTaps.map((row) => {
    const columns = columnTaps.map((column) =>
      slice(backend, filter, [row.tap, column.tap, 0, 0], [1, 1, filters, channels]),
    )
    return concatenate(backend, columns, 1)
  })
  return concatenate(backend, rows, 0)
}
