import type { LimitsAnalysis } from '../analysis/limits-analysis.js'
import { formatPercent, formatSpeedup } from '../text/format.js'
import type { LimitPoint } from './limit-curves.js'

/** What the curves of the limits are, a sentence each; the first says what was measured at all. */
export function limitsSentences({ amdahl, bandwidth, input, unit }: LimitsAnalysis): string[] {
  const kept = input.scaling === 'weak' ? 'the same batch per device' : 'the same global batch'
  return [
    `Only the dots were measured; the curves say what would follow for other numbers of devices, with ${kept}.`,
    ...(amdahl === null
      ? []
      : [
          `Amdahl’s law fits with a serial fraction of ${formatPercent(amdahl.serialFraction)}${amdahl.clamped ? ' (held to between 0 and 100 %)' : ''}.`,
        ]),
    ...(bandwidth === null
      ? []
      : [
          `The all-reduce ${bandwidth.isAlone ? 'by itself' : 'within the steps'} reached ${gigabytes(bandwidth.algorithmBytesPerSecond)} (algbw), ${gigabytes(bandwidth.busBytesPerSecond)} (busbw).`,
        ]),
    ...(input.model === null
      ? []
      : [
          input.model.hiding === null
            ? `The step model adds update, compute per ${unit} and all-reduce, fitted to one measured step.`
            : `The step model adds update, compute per ${unit} and what computing does not hide of the all-reduce, fitted to one measured step.`,
        ]),
  ]
}

/** Below it, as a share of the larger speedup, the two say the same. */
const sameShare = 0.03

/**
 * Why Amdahl's law and the step model part for more devices, in sentences; none where one of them has no figure. Both go
 * by the same losses: the law takes all of them for work that never gets faster, the model leaves each where it was
 * measured, so that what devices lose by sharing a processor stays a cost an image.
 */
export function modelDifference(
  { amdahl, input, unit }: LimitsAnalysis,
  points: readonly LimitPoint[],
): string[] {
  const last = points.at(-1)
  if (amdahl === null || last?.amdahl == null || last.predicted === null) return []
  const [law, model] = [last.amdahl.speedup, last.predicted.speedup]
  const figures = `On ${last.devices} devices Amdahl’s law says ${formatSpeedup(law)}, the step model ${formatSpeedup(model)}`
  if (Math.abs(law - model) <= sameShare * Math.max(law, model)) {
    return [`${figures}: here both agree.`]
  }
  const { serialFraction } = amdahl
  const ceiling =
    serialFraction > 0
      ? `so no number of devices gets beyond ${formatSpeedup(1 / serialFraction)}`
      : 'and found none of it'
  return [
    `${figures}.`,
    `The law counts everything that was lost as work that never gets faster (${formatPercent(serialFraction)}), ${ceiling}.`,
    input.scaling === 'weak'
      ? 'The step model leaves each loss where it was measured. With the same batch per device, a step takes hardly longer on more devices, so the speedup goes on rising.'
      : `The step model leaves each loss where it was measured: a slower ${unit} stays as much slower on any number of devices, and only the update and the all-reduce do not shrink with its share.`,
    'Only a measurement on more devices can decide between them.',
  ]
}

/** `0.82 GB/s` */
function gigabytes(bytesPerSecond: number): string {
  return `${(bytesPerSecond / 1e9).toFixed(2)} GB/s`
}
