import type { StepParts } from '../../../charts/phases-model.js'
import { phases } from '../../../shared/live/group-step.js'
import type { LiveRun } from '../../../shared/live/live-run.js'
import { shownMeasurements } from '../../../shared/live/shown-measurements.js'
import { type StepSeries, stepChannels } from '../../../shared/live/step-series.js'
import type { ThinnedSeries } from '../../../shared/live/thinned-series.js'
import { betweenPhases } from '../../../shared/report/step-times.js'

/**
 * Where the time of a measurement's steps went: a mean over all steps so far of all repeats, as reports have it, or of
 * one. One entry a measurement that has steps; its parts add up to its step time.
 *
 * @param repeat the block of that one; null for all
 */
export function stepParts(run: LiveRun, repeat: number | null): StepParts[] {
  return shownMeasurements(run, repeat).flatMap(({ measurement: { id, title }, steps, repeats }) => {
    const shown = repeat === null ? repeats.map((one) => one.steps) : steps === null ? [] : [steps]
    const known = shown.filter(({ group }) => group.length > 0)
    if (known.length === 0) return []
    const groups = known.map(({ group }) => group)
    const meanMs = slowestRankMs(known) ?? meanOver(groups, stepChannels.indexOf('stepMs'))
    const named = phases.map(({ name, title: phase }) => ({
      name,
      title: phase,
      ms: meanOver(groups, stepChannels.indexOf(name)),
    }))
    const otherMs = Math.max(0, meanMs - named.reduce((sum, { ms }) => sum + ms, 0))
    return [{ id, title, meanMs, parts: [...named, { name: 'other', title: betweenPhases, ms: otherMs }] }]
  })
}

/** The mean step of the rank that is slowest on the mean, as reports have it; null where ranks do not say. */
function slowestRankMs(all: readonly StepSeries[]): number | null {
  const ofRanks = all.flatMap(({ rankStepMs }) => rankStepMs ?? [])
  const ranks = Math.min(...ofRanks.map(({ channels }) => channels))
  if (ofRanks.length < all.length) return null
  return Math.max(...Array.from({ length: ranks }, (_, rank) => meanOver(ofRanks, rank)))
}

/** Over all entries of all series: a step of one counts as much as a step of another. */
function meanOver(all: readonly ThinnedSeries[], channel: number): number {
  let sum = 0
  let entries = 0
  for (const series of all) {
    entries += series.length
    for (let bucket = 0; bucket < series.bucketCount; bucket++) {
      const isLast = bucket === series.bucketCount - 1
      const inBucket = isLast ? series.length - bucket * series.bucketSize : series.bucketSize
      sum += inBucket * (series.mean(channel, bucket) ?? 0)
    }
  }
  return sum / entries
}
