import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunLabel } from '../../shared/history-entry.js'
import { runFolder } from './run-folder.js'
import { readLabel } from './run-label.js'
import { type RunRecord, readRunRecord } from './run-record.js'

export interface StoredEntry {
  record: RunRecord
  label: RunLabel
}

/** A folder that was changed this shortly before it was read may have been changed again without a newer time. */
const clockGrainMs = 100

/**
 * What the list needs of each run, kept in memory and read again when the run's folder has changed: both files are
 * replaced as a whole, by rename, which changes the time of their folder. So a list costs one look a run.
 */
export class RunEntries {
  private readonly known = new Map<string, { modifiedAtMs: number; entry: StoredEntry | null }>()

  constructor(private readonly history: string) {}

  /** Null for a folder that is not there, or holds no record (yet). */
  async read(runId: string): Promise<StoredEntry | null> {
    const files = runFolder(join(this.history, runId))
    const modifiedAtMs = (await stat(files.directory).catch(() => null))?.mtimeMs
    if (modifiedAtMs === undefined) {
      this.known.delete(runId)
      return null
    }
    const known = this.known.get(runId)
    if (known?.modifiedAtMs === modifiedAtMs) return known.entry
    const readAtMs = Date.now()
    const [record, label] = await Promise.all([readRunRecord(files.summary), readLabel(files.label)])
    const entry = record === null ? null : { record, label }
    if (readAtMs - modifiedAtMs > clockGrainMs) this.known.set(runId, { modifiedAtMs, entry })
    else this.known.delete(runId)
    return entry
  }

  /** Forgets all but these. */
  keepOnly(runIds: readonly string[]): void {
    const kept = new Set(runIds)
    for (const runId of this.known.keys()) if (!kept.has(runId)) this.known.delete(runId)
  }
}
