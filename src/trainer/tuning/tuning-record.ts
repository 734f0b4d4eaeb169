import type { AutotuneRecord } from '../../shared/child/trainer-protocol.js'
import { describeConvolution } from '../kernels/convolution-geometry.js'
import type { ConvolutionKernel } from '../kernels/lowering-choices.js'
import type { TunedConvolution } from './autotuner.js'

const kernelNames = {
  PaddedConv2D: 'forward',
  PaddedConv2DBackpropInput: 'input gradient',
  PaddedConv2DBackpropFilter: 'filter gradient',
} as const satisfies Record<ConvolutionKernel, string>

/** What tuning came to, for the host; with a row for every convolution if a report was asked for. */
export function tuningRecord(
  tuned: readonly TunedConvolution[],
  tuneMs: number,
  report: boolean,
): AutotuneRecord {
  const count = (matches: (convolution: TunedConvolution) => boolean) => tuned.filter(matches).length
  const rows = tuned.map(({ use, count: runs, chosen, times }) => ({
    kernel: kernelNames[use.kernel],
    convolution: describeConvolution(use.convolution),
    count: runs,
    chosen,
    times: times ?? {},
  }))
  return {
    tuneMs,
    convolutions: tuned.length,
    timed: count(({ times, fromCache }) => times !== null && !fromCache),
    cached: count(({ fromCache }) => fromCache),
    changed: count(({ chosen, usual }) => chosen !== usual),
    ...(report ? { rows } : {}),
  }
}
