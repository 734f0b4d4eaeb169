import { type PhaseName, phases } from '../../../shared/live/group-step.js'
import type { LiveRun } from '../../../shared/live/live-run.js'
import { stepChannels } from '../../../shared/live/step-series.js'

/** Where the time of a measurement's steps went, in milliseconds a step: a mean over all steps so far. */
export interface StepShares {
  id: string
  title: string
  stepMs: number
  parts: { name: PhaseName | 'other'; title: string; ms: number }[]
}

/** What lies between the phases: moving the batch to the device, handing over the record. */
const otherTitle = 'Between them'

/** One entry a measurement that has steps; its parts add up to its step time. */
export function stepShares(run: LiveRun): StepShares[] {
  return run.head.measurements.flatMap(({ id, title }) => {
    const series = run.steps(id)?.group
    if (series === undefined || series.length === 0) return []
    const mean = (channel: PhaseName | 'stepMs'): number => {
      const index = stepChannels.indexOf(channel)
      let sum = 0
      for (let bucket = 0; bucket < series.bucketCount; bucket++) {
        const isLast = bucket === series.bucketCount - 1
        const entries = isLast ? series.length - bucket * series.bucketSize : series.bucketSize
        sum += entries * (series.mean(index, bucket) ?? 0)
      }
      return sum / series.length
    }
    const stepMs = mean('stepMs')
    const named = phases.map(({ name, title: phaseTitle }) => ({ name, title: phaseTitle, ms: mean(name) }))
    const otherMs = Math.max(0, stepMs - named.reduce((sum, { ms }) => sum + ms, 0))
    return [{ id, title, stepMs, parts: [...named, { name: 'other', title: otherTitle, ms: otherMs }] }]
  })
}
