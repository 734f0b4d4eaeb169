import { uptime } from 'node:os'

/** Two clocks of the machine at one moment, in seconds from points in time of their own. */
export interface Clocks {
  /** Goes on while the machine is suspended: CLOCK_BOOTTIME on Linux. */
  sinceBootSeconds: number
  /** Does not, on Linux: CLOCK_MONOTONIC, which steps are timed by. */
  monotonicSeconds: number
}

export function readClocks(): Clocks {
  return { sinceBootSeconds: uptime(), monotonicSeconds: performance.now() / 1000 }
}

/** Clocks are read one after the other, and the system may show one of them in hundredths of a second only. */
const errorSeconds = 0.5

/**
 * How long the machine was suspended between two readings. 0 where both clocks went on alike, as they do on a system
 * whose monotonic clock counts that time too: there steps, and gaps in telemetry, show it.
 */
export function suspendedSeconds(before: Clocks, after: Clocks): number {
  const sinceBoot = after.sinceBootSeconds - before.sinceBootSeconds
  const monotonic = after.monotonicSeconds - before.monotonicSeconds
  const difference = sinceBoot - monotonic
  return difference > errorSeconds ? difference : 0
}
