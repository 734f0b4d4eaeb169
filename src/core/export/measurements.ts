import type { Measurement, Results } from '../../shared/results/results.js'

/** Whether the run has, or was to have, every strategy more than once. */
export function hasRepeats({ measurements }: Results): boolean {
  return measurements.some(({ block }) => block > 0)
}

/** When training began, by the first step of any rank, in milliseconds since the Unix epoch; null without a step. */
export function trainingStartedAtMs({ ranks }: Measurement): number | null {
  const starts = ranks.flatMap(({ steps }) => steps[0]?.startedAtMs ?? [])
  return starts.length === 0 ? null : Math.min(...starts)
}

/** In the order in which they trained; those that never did stand at the end. */
export function inOrderOfTraining({ measurements }: Results): Measurement[] {
  const startOf = (measurement: Measurement): number =>
    trainingStartedAtMs(measurement) ?? Number.POSITIVE_INFINITY
  return [...measurements].sort((a, b) => {
    const [first, second] = [startOf(a), startOf(b)]
    return first === second ? 0 : first - second
  })
}

/** Milliseconds since the Unix epoch. */
export interface TimeSpan {
  startMs: number
  endMs: number
}

/** When each epoch began on the first rank and ended on the last, by its steps; in order. */
export function epochSpans({ ranks }: Measurement): Map<number, TimeSpan> {
  const spans = new Map<number, TimeSpan>()
  for (const { steps } of ranks) {
    for (const { epoch, startedAtMs, stepMs } of steps) {
      const endMs = startedAtMs + stepMs
      const span = spans.get(epoch)
      if (span === undefined) spans.set(epoch, { startMs: startedAtMs, endMs })
      else {
        span.startMs = Math.min(span.startMs, startedAtMs)
        span.endMs = Math.max(span.endMs, endMs)
      }
    }
  }
  return spans
}
