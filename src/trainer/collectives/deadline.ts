import { collectiveTimeout, stopped } from './errors.js'

/** How long one collective call may wait, and what ends it early. */
export interface Deadline {
  /**
   * To be asked between waits of some milliseconds.
   * @throws TandemError `stopped` once a stop was asked for; `collective-timeout` naming `missingRanks()` once
   * the time is up.
   */
  check(missingRanks: () => readonly number[]): void
}

/** Starts the clock of one call. A stop may come from the caller, the group's owner, or the group's `close`. */
export function startDeadline(rank: number, timeoutMs: number, stopRequested: () => boolean): Deadline {
  const endsAtMs = performance.now() + timeoutMs
  return {
    check(missingRanks) {
      if (stopRequested()) throw stopped(rank)
      if (performance.now() > endsAtMs) throw collectiveTimeout(rank, missingRanks(), timeoutMs)
    },
  }
}
