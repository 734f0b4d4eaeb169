import type { StepRecord } from '../../shared/child/trainer-protocol.js'

/** Where a measurement stands, for one line on a terminal. */
export interface Progress {
  /** Counted from 1. */
  epoch: number
  epochs: number
  step: number
  stepsPerEpoch: number
  /** Null where a script does not say. */
  loss: number | null
  /** Over all ranks, from their latest steps. */
  imagesPerSecond: number
}

/** Rates come from this many steps back: few enough to follow a change, enough to be readable. */
const windowSteps = 20

/** Follows the steps of one measurement. Pure: all times come from the steps themselves. */
export class ProgressTracker {
  private stepsPerEpoch = 0
  private readonly latest = new Map<number, StepRecord[]>()

  constructor(private readonly epochs: number) {}

  warmedUp(stepsPerEpoch: number): void {
    this.stepsPerEpoch = stepsPerEpoch
  }

  add(rank: number, steps: readonly StepRecord[]): void {
    const recent = [...(this.latest.get(rank) ?? []), ...steps]
    this.latest.set(rank, recent.slice(-windowSteps))
  }

  /** Rank 0's position; null before its first step. */
  current(): Progress | null {
    const recent = this.latest.get(0) ?? []
    const last = recent.at(-1)
    if (last === undefined) return null
    return {
      epoch: last.epoch + 1,
      epochs: this.epochs,
      step: last.step + 1,
      stepsPerEpoch: this.stepsPerEpoch,
      loss: last.loss ?? null,
      imagesPerSecond: [...this.latest.values()].reduce((sum, steps) => sum + imagesPerSecond(steps), 0),
    }
  }
}

function imagesPerSecond(steps: readonly StepRecord[]): number {
  const ms = total(steps, 'stepMs')
  return ms > 0 ? (1000 * total(steps, 'images')) / ms : 0
}

function total(steps: readonly StepRecord[], field: 'stepMs' | 'images'): number {
  return steps.reduce((sum, step) => sum + step[field], 0)
}
