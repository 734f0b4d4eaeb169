import type { LiveRun } from '../../../shared/live/live-run.js'
import { shownMeasurements } from '../../../shared/live/shown-measurements.js'

/** Which repeats a view of a run is of. */
export interface RepeatScope {
  /** The block that was picked; null for the latest repeat of each strategy. */
  picked: number | null
  /** Repeats that have steps, of the strategy that has most. */
  measured: number
  planned: number
}

export function readRepeatScope(run: LiveRun, picked: number | null): RepeatScope {
  const measured = Math.max(0, ...shownMeasurements(run).map(({ repeats }) => repeats.length))
  const blocks = run.head.measurements.map(({ block }) => block + 1)
  return { picked, measured, planned: Math.max(1, ...blocks) }
}

/** Of a line: `latest repeat, band: all 5`; undefined where there is one repeat, and nothing to say. */
export function lineScope(scope: RepeatScope): string | undefined {
  const one = repeatText(scope)
  if (one === undefined || scope.measured < 2) return one
  return `${one}, band: all ${scope.measured}`
}

/** Of what is not drawn of others: `latest repeat`. */
export function repeatText({ picked, planned }: RepeatScope): string | undefined {
  if (planned < 2) return undefined
  return picked === null ? 'latest repeat' : `repeat ${picked + 1} of ${planned}`
}

/** Of a mean: `all 5 repeats`. */
export function meanScope({ picked, measured, planned }: RepeatScope): string | undefined {
  if (planned < 2) return undefined
  if (picked !== null) return `repeat ${picked + 1} of ${planned}`
  return measured < 2 ? `1 repeat of ${planned}` : `all ${measured} repeats`
}
