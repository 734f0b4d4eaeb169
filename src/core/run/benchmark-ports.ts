import type { Results } from '../../shared/results/results.js'
import type { RunEvent } from '../../shared/run/run-events.js'
import type { PaceStore } from './pace-file.js'
import type { RunObserver } from './run-observer.js'
import type { RunWarnings } from './run-warnings.js'
import type { TrainerHost } from './trainer-process.js'

export interface BenchmarkPorts {
  trainers: TrainerHost
  /** Called one at a time, after each epoch and at the end. A rejection is a warning; the run goes on. */
  saveResults(results: Results): Promise<void>
  /** Null where nobody looks at the machine. */
  observer: RunObserver | null
  warnings: RunWarnings
  /** How fast strategies were here, from one run to the next. */
  paces: PaceStore
}

export interface BenchmarkOptions {
  signal: AbortSignal
  onEvent(event: RunEvent): void
}
