import type { MeasurementSummary } from '../results/results.js'
import { formatCount, formatList } from '../text/format.js'
import type { JudgedResults } from './judged-run.js'

/** Which strategies' repeats were beyond a limit, and how far. */
export interface WorstRepeats {
  strategies: string[]
  worst: number
  /** `Single and DDP`; with several repeats also in how many of all measurements: `DDP (2 of 10 measurements)`. */
  where: string
}

/**
 * The repeats whose `value` is above `limit`, of those that measured something and for which it is known; null where there
 * is none.
 */
export function worstRepeats(
  { results }: Pick<JudgedResults, 'results'>,
  value: (measurement: MeasurementSummary) => number | null,
  limit: number,
): WorstRepeats | null {
  const beyond = results.flatMap(({ id, title, repeats }) => {
    const values = measuredOf(repeats)
      .flatMap((repeat) => value(repeat) ?? [])
      .filter((one) => one > limit)
    return values.length === 0 ? [] : [{ id, title, values }]
  })
  if (beyond.length === 0) return null
  const values = beyond.flatMap((strategy) => strategy.values)
  const measurements = results.flatMap(({ repeats }) => measuredOf(repeats))
  const isRepeated = results.some(({ repeats }) => repeats.length > 1)
  const count = `${formatCount(values.length)} of ${formatCount(measurements.length)} measurements`
  return {
    strategies: beyond.map(({ id }) => id),
    worst: Math.max(...values),
    where: `${formatList(beyond.map(({ title }) => title))}${isRepeated ? ` (${count})` : ''}`,
  }
}

function measuredOf(repeats: readonly MeasurementSummary[]): MeasurementSummary[] {
  return repeats.filter(({ epochs }) => epochs.length > 0)
}
