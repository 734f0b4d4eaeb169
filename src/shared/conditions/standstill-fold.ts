import type { StepRecord } from '../child/trainer-protocol.js'
import type { Standstill } from './conditions.js'
import { RunningMean } from './running-mean.js'

/** Silence of the sampler from which on it is asked whether training stood still too. It samples four times a second. */
export const silenceMs = 1_000

/** How much longer than the mean a step must be for having stood still with the sampler. */
const longStepFactor = 1.5

/** How much of the sampler's silence it must have lasted. */
const sharedSilence = 0.75

/** More of either tell no more. */
const mostKept = 100

interface Span {
  fromMs: number
  toMs: number
}

export type TimedStep = Pick<StepRecord, 'startedAtMs' | 'stepMs'>

/**
 * Finds time in which nothing could train, from clocks and states of processes. A step alone proves nothing: it may be
 * long for a reason that belongs to the figure. Memory does not grow with the number of samples or steps.
 */
export class StandstillFold {
  private stoppedMs: number | null = null
  private readonly silences: Span[] = []
  private longSteps: Span[] = []
  private readonly stepMs = new RunningMean()

  /** @param isStopped of any trainer; null where the system does not say */
  addSample(span: Span, isStopped: boolean | null): void {
    if (span.toMs - span.fromMs >= silenceMs && this.silences.length < mostKept) this.silences.push(span)
    if (isStopped === null) return
    this.stoppedMs = (this.stoppedMs ?? 0) + (isStopped ? span.toMs - span.fromMs : 0)
  }

  addSteps(steps: readonly TimedStep[]): void {
    for (const { startedAtMs, stepMs } of steps) {
      this.stepMs.add(stepMs)
      if (stepMs >= silenceMs * sharedSilence)
        this.longSteps.push({ fromMs: startedAtMs, toMs: startedAtMs + stepMs })
    }
    if (this.longSteps.length <= mostKept) return
    this.longSteps = this.longSteps.sort((a, b) => lengthOf(b) - lengthOf(a)).slice(0, mostKept)
  }

  /** @param suspendedSeconds as clocks tell; null where they do not */
  conclude(suspendedSeconds: number | null): Standstill {
    const stalledMs = this.silences
      .filter((silence) => this.longSteps.some((step) => this.stoodStill(step, silence)))
      .reduce((total, silence) => total + lengthOf(silence), 0)
    return {
      suspendedSeconds,
      stoppedSeconds: this.stoppedMs === null ? null : this.stoppedMs / 1000,
      stalledSeconds: stalledMs / 1000,
    }
  }

  private stoodStill(step: Span, silence: Span): boolean {
    const overlapMs = Math.min(step.toMs, silence.toMs) - Math.max(step.fromMs, silence.fromMs)
    if (overlapMs < sharedSilence * lengthOf(silence)) return false
    // The long step is in the mean, too: take it out, or two steps could never tell.
    const others = this.stepMs.without(lengthOf(step))
    return others === null || lengthOf(step) > longStepFactor * others
  }
}

function lengthOf({ fromMs, toMs }: Span): number {
  return toMs - fromMs
}
