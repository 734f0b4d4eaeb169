import type { Conditions } from './conditions.js'

/** The mean and the least of values that come one at a time. */
export class RunningMean {
  private sum = 0
  private count = 0
  private smallest = Number.POSITIVE_INFINITY

  /** Null is no value. */
  add(value: number | null): void {
    if (value === null) return
    this.sum += value
    this.count++
    this.smallest = Math.min(this.smallest, value)
  }

  /** Null without a value. */
  get mean(): number | null {
    return this.count === 0 ? null : this.sum / this.count
  }

  /** The mean of all values but one; null where there is no other. */
  without(value: number): number | null {
    return this.count < 2 ? null : (this.sum - value) / (this.count - 1)
  }

  /** Null without a value. */
  get least(): number | null {
    return this.count === 0 ? null : this.smallest
  }
}

/** As the results keep it; null where no clock is known. */
export function clockOf({ mean, least }: RunningMean): Conditions['cpu']['clock'] {
  return mean === null || least === null ? null : { meanMegahertz: mean, leastMegahertz: least }
}
