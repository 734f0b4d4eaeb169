import type { RecordedEvent } from '../../shared/live/live-event.js'
import type { Results } from '../../shared/results/results.js'
import type { RunRecord } from './run-record.js'

/** A run of this process of which memory knows more than the disk, because the disk takes nothing. */
export interface HeldRun {
  readonly runId: string
  /** What is wrong with the disk, for people: `the disk is full`. */
  readonly why: string
  readonly results: Results
  entry(): RunRecord
  events(): AsyncIterable<RecordedEvent>
  /** Tries the disk once more. Never rejects. */
  tryAgain(): Promise<void>
  /** Gives up what is held: it is written no more. */
  discard(): Promise<void>
}

/** The runs that this process holds for a disk that takes nothing, by id. */
export class HeldRuns {
  private readonly runs = new Map<string, HeldRun>()

  /** @param onChange told when a run begins or ceases to be held */
  constructor(private readonly onChange: () => void) {}

  get ids(): string[] {
    return [...this.runs.keys()]
  }

  get(runId: string): HeldRun | undefined {
    return this.runs.get(runId)
  }

  add(run: HeldRun): void {
    if (this.runs.has(run.runId)) return
    this.runs.set(run.runId, run)
    this.onChange()
  }

  release(runId: string): void {
    if (this.runs.delete(runId)) this.onChange()
  }
}
