import type { Rule } from '../judged-run.js'
import { worstRepeats } from '../worst-repeats.js'

/** How long telemetry may be silent: the sampler counts as lost from then on. It samples four times a second. */
export const gapLimitSeconds = 3

/** Share of a measurement that a gap may hide before the rest says too little. */
export const gapShareLimit = 0.2

/** Nobody looked: what disturbed these measurements, if anything, is not known. */
export const notWatched: Rule = (run) => {
  const found = worstRepeats(
    run,
    ({ epochs, conditions }) => (epochs.length > 0 && (conditions?.telemetry.samples ?? 0) === 0 ? 1 : 0),
    0,
  )
  if (found === null) return []
  const message = `Nothing watched the machine during ${found.where}: what else it did is not known.`
  return [{ code: 'not-watched', severity: 'warning', strategies: found.strategies, message }]
}

/** Telemetry that was silent for a while. */
export const telemetryGap: Rule = (run) => {
  const gapOf = (conditions: (typeof run.measurements)[number]['conditions']): number =>
    conditions === null || conditions.telemetry.samples === 0 ? 0 : conditions.telemetry.longestGapSeconds
  const found = worstRepeats(run, ({ conditions }) => gapOf(conditions), gapLimitSeconds)
  if (found === null) return []
  const hidden = worstRepeats(
    run,
    ({ conditions }) =>
      gapOf(conditions) > gapLimitSeconds ? gapOf(conditions) / (conditions?.seconds ?? 1) : 0,
    gapShareLimit,
  )
  const message = `Telemetry was silent for up to ${found.worst.toFixed(1)} s during ${found.where}: what else the machine did then is not known.`
  return [
    {
      code: 'telemetry-gap',
      severity: hidden === null ? 'note' : 'warning',
      strategies: found.strategies,
      message,
    },
  ]
}
