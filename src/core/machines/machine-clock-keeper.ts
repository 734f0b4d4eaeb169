import { z } from 'zod'
import {
  byThisClock,
  type ClockEstimate,
  type ClockExchange,
  estimateClock,
  keepExchange,
  noExchanges,
} from '../../shared/machine/clock-offset.js'
import type { MachineClock } from '../../shared/machine/machine-clock.js'

/** So much of a message as says when something happened; all else in it passes through as it came. */
const stepsSchema = z.looseObject({
  type: z.literal('steps'),
  steps: z.array(z.looseObject({ startedAtMs: z.number(), arrivedAtMs: z.number().nullable() })),
})

/** The clock of another machine, from its exchanges with this one; puts times of its trainers right by it. */
export class MachineClockKeeper {
  private kept = noExchanges
  /** Undefined after an exchange that it does not know: it is worked out when it is asked for. */
  private known: ClockEstimate | null | undefined = null
  private worstMs = 0

  constructor(private readonly nowMs: () => number) {}

  /** A question and its answer. */
  hear(exchange: ClockExchange): void {
    this.kept = keepExchange(this.kept, exchange)
    this.known = undefined
  }

  private get estimate(): ClockEstimate | null {
    this.known ??= estimateClock(this.kept.kept)
    return this.known
  }

  /** What a trainer of that machine said, with its times by this machine's clock. What has none, or is no message, stays. */
  putRight(message: unknown): unknown {
    const { estimate } = this
    if (estimate === null) return message
    const parsed = stepsSchema.safeParse(message)
    if (!parsed.success) return message
    const steps = parsed.data.steps.map((step) => ({
      ...step,
      startedAtMs: this.read(estimate, step.startedAtMs),
      arrivedAtMs: step.arrivedAtMs === null ? null : this.read(estimate, step.arrivedAtMs),
    }))
    return { ...parsed.data, steps }
  }

  /** A moment of that machine's, by this machine's clock. */
  momentHere(otherMs: number): number {
    const { estimate } = this
    return estimate === null ? otherMs : byThisClock(estimate, otherMs).value
  }

  /** What is known of it, with the largest uncertainty since the last call; null before the first exchange. */
  takeFacts(machine: number): MachineClock | null {
    const { estimate } = this
    if (estimate === null) return null
    const { driftPpm, offsetMsAt } = estimate
    const offset = offsetMsAt(this.nowMs())
    const uncertaintyMs = Math.max(this.worstMs, offset.uncertainty)
    this.worstMs = 0
    return {
      machine,
      offsetMs: offset.value,
      uncertaintyMs,
      driftPpm: driftPpm.value,
      driftUncertaintyPpm: driftPpm.uncertainty,
    }
  }

  private read(estimate: ClockEstimate, otherMs: number): number {
    const { value, uncertainty } = byThisClock(estimate, otherMs)
    this.worstMs = Math.max(this.worstMs, uncertainty)
    return value
  }
}
