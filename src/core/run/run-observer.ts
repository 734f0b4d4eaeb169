import type { Conditions, Environment } from '../../shared/conditions/conditions.js'
import type { RunEvent } from '../../shared/run/run-events.js'

/** Whoever looks at the machine while a run measures, so that its results can be judged later. Nothing here rejects. */
export interface RunObserver {
  /** The state of the machine, asked for once, before anything is measured. */
  environment(): Promise<Environment | null>
  /** What happens in trials, which nobody else is told of. */
  follow(event: RunEvent): void
  /** What the measurement that is under way has met so far; null before its first step. */
  conditions(): Conditions | null
  /** The same of the measurement that has just ended; then its watch is over. */
  conclude(): Promise<Conditions | null>
}
