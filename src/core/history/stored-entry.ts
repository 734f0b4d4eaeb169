import type { RunLabel } from '../../shared/results/history-entry.js'
import type { RunRecord } from './run-record.js'

/** What the history has of one run for its list. */
export interface StoredEntry {
  record: RunRecord
  label: RunLabel
  /** What is wrong with the disk, of a run that memory holds for it; null for one that is on the disk. */
  heldFor: string | null
}
