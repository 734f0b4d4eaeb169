import { stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { RunLabel } from '../../shared/history-entry.js'
import { runFolder } from './run-folder.js'
import { readLabel } from './run-label.js'
import { hasNoOwner, type RunRecord } from './run-record.js'
import { settledRecord } from './settle-record.js'

export interface StoredEntry {
  record: RunRecord
  label: RunLabel
  /** What is wrong with the disk, of a run that memory holds for it; null for one that is on the disk. */
  heldFor: string | null
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
    if (known?.modifiedAtMs === modifiedAtMs && !needsAnEnd(known.entry)) return known.entry
    const readAtMs = Date.now()
    const [record, label] = await Promise.all([settledRecord(files), readLabel(files.label)])
    const entry = record === null ? null : { record, label, heldFor: null }
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

/** Its owner was killed since it was read. */
function needsAnEnd(entry: StoredEntry | null): boolean {
  return entry !== null && hasNoOwner(entry.record, hostname())
}
