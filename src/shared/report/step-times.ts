import { meanStep } from '../analysis/step-analysis.js'
import { type PhaseName, phases } from '../live/group-step.js'
import { groupStepsOf } from '../live/group-steps.js'
import type { Measurement } from '../results/results.js'
import { mean } from '../statistics/means.js'
import { median, p95 } from '../statistics/quantiles.js'

/** The steps of one strategy, over all its repeats. Times in milliseconds, of the slowest rank. */
export interface StepTimes {
  id: string
  title: string
  steps: number
  meanMs: number
  medianMs: number
  p95Ms: number
  /** Where the mean step's time went, means over the ranks; they add up to `meanMs`. */
  parts: { name: PhaseName | 'other'; title: string; ms: number }[]
}

/** What lies between the phases, and what the slowest rank is slower than the mean one. */
export const betweenPhases = 'Between them'

/** Of every strategy that has steps, in the order of `ids`. */
export function stepTimes(measurements: readonly Measurement[], ids: readonly string[]): StepTimes[] {
  return ids.flatMap((id) => {
    const repeats = measurements.filter((measurement) => measurement.id === id)
    const times = repeats.flatMap((repeat) => [...groupStepsOf(repeat)]).map(({ stepMs }) => stepMs)
    const step = meanStep(repeats)
    const [medianMs, p95Ms] = [median(times), p95(times)]
    if (step === null || medianMs === null || p95Ms === null) return []
    const named = phases.map(({ name, title }) => ({
      name,
      title,
      ms: mean(step.ranks.map((rank) => rank[name])) ?? 0,
    }))
    const meanMs = Math.max(...step.ranks.map(({ stepMs }) => stepMs))
    const otherMs = Math.max(0, meanMs - named.reduce((sum, { ms }) => sum + ms, 0))
    return [
      {
        id,
        title: repeats[0]?.title ?? id,
        steps: times.length,
        meanMs,
        medianMs,
        p95Ms,
        parts: [...named, { name: 'other' as const, title: betweenPhases, ms: otherMs }],
      },
    ]
  })
}
