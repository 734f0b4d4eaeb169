import { baseIdOf, planPosition } from '../domain/measurement-ids.js'
import { type MeasurementSummary, measurementKey } from '../results/results.js'
import type { LiveRun } from './live-run.js'
import type { StepSeries } from './step-series.js'

/** The repeat of a strategy that views of the moment show: the one under way, else the latest that has steps. */
export interface ShownMeasurement {
  measurement: MeasurementSummary
  /** Null before its first step. */
  steps: StepSeries | null
  /** Single's in the same block, which it is held against; null while there is none. */
  base: StepSeries | null
  /** Every repeat that has steps, this one too. */
  repeats: { steps: StepSeries; base: StepSeries | null }[]
}

/**
 * One a strategy, in the order of the plan.
 *
 * @param block of the repeat to show of each; null for the repeat of the moment
 */
export function shownMeasurements(run: LiveRun, block: number | null = null): ShownMeasurement[] {
  const inOrder = [...run.head.measurements].sort((a, b) => planPosition(a) - planPosition(b))
  const ids = [...new Set(inOrder.map(({ id }) => id))]
  return ids.map((id) => {
    const repeats = run.head.measurements.filter((measurement) => measurement.id === id)
    const begun = repeats.filter((repeat) => run.steps(measurementKey(repeat)) !== undefined)
    const wanted = repeats.find((repeat) => repeat.block === block)
    const measurement = wanted ?? begun.at(-1) ?? (repeats[0] as MeasurementSummary)
    return {
      measurement,
      steps: run.steps(measurementKey(measurement)) ?? null,
      base: baseOf(run, measurement),
      repeats: begun.flatMap((repeat) => {
        const steps = run.steps(measurementKey(repeat))
        return steps === undefined ? [] : [{ steps, base: baseOf(run, repeat) }]
      }),
    }
  })
}

/** In a block whose order put Single later, the one of the block before serves until then. */
function baseOf(run: LiveRun, { id, block }: MeasurementSummary): StepSeries | null {
  for (let at = block; at >= 0; at--) {
    const steps = run.steps(measurementKey({ id: baseIdOf({ id }), block: at }))
    if (steps !== undefined) return steps
  }
  return null
}
