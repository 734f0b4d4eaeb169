import type { HistoryStatus } from '../../../src/shared/run/run-summary.js'

/** Something that goes wrong, and what Tandem promises then. The tests hold it to it, and the guide is made of it. */
export interface Fault {
  /** What happens, for people. */
  fault: string
  /** Where it was tried. */
  where: string
  /** What people are told, in words that the test looks for. */
  says: string
  /** Of the command that it happened to; null where it was killed. */
  exitCode: number | null
  /** How the run stands in the history afterwards; null where there is none. */
  history: HistoryStatus | null
  /** What else is promised. */
  promise: string
}

export const everywhere = 'Single, DP, DDP'
