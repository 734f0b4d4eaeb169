import { type Stats, stat } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { type IndexedEntry, readIndex, writeIndex } from './entry-index.js'
import { type RunFolder, runFolder } from './run-folder.js'
import { readLabel } from './run-label.js'
import { hasNoOwner } from './run-record.js'
import { settledRecord } from './settle-record.js'
import type { StoredEntry } from './stored-entry.js'

/** A folder that was changed this shortly before it was read may have been changed again without a newer time. */
const clockGrainMs = 100

/** So few are read sooner than the index is written. */
const worthAnIndex = 20

/** More at once only wait for each other. */
const readAtOnce = 32

/**
 * What the list needs of each run, kept in memory and in the index, and read again when the run's folder or its entry has
 * changed: both files are replaced as a whole, by rename, which changes the time of their folder. So a list costs two
 * looks a run.
 */
export class RunEntries {
  private known: Map<string, IndexedEntry> | null = null

  constructor(private readonly history: string) {}

  /** Null for a folder that is not there, or holds no record (yet). */
  async read(runId: string): Promise<StoredEntry | null> {
    const { stamp, entry } = await this.readEntry(this.known ?? new Map(), runId)
    if (stamp !== null) this.known?.set(runId, { stamp, entry })
    return entry
  }

  /** Of all these, in their order; forgets every other. */
  async readAll(runIds: readonly string[]): Promise<(StoredEntry | null)[]> {
    const before = this.known ?? (await readIndex(this.history))
    const after = new Map<string, IndexedEntry>()
    const entries: (StoredEntry | null)[] = new Array(runIds.length).fill(null)
    let next = 0
    let changes = 0
    const work = async (): Promise<void> => {
      while (next < runIds.length) {
        const index = next++
        const runId = runIds[index] as string
        const { stamp, entry } = await this.readEntry(before, runId)
        entries[index] = entry
        if (stamp !== null) after.set(runId, { stamp, entry })
        if (entry !== before.get(runId)?.entry) changes++
      }
    }
    await Promise.all(Array.from({ length: readAtOnce }, work))
    this.known = after
    if (changes > worthAnIndex) await writeIndex(this.history, after)
    return entries
  }

  /** The stamp is null for what may have changed again by now. */
  private async readEntry(
    known: ReadonlyMap<string, IndexedEntry>,
    runId: string,
  ): Promise<{ stamp: string | null; entry: StoredEntry | null }> {
    const files = runFolder(join(this.history, runId))
    const { folder, stamp } = await look(files)
    if (folder === null) return { stamp: null, entry: null }
    const before = known.get(runId)
    if (before?.stamp === stamp && !needsAnEnd(before.entry)) return before
    const readAtMs = Date.now()
    const [record, label] = await Promise.all([settledRecord(files), readLabel(files.label)])
    const entry = record === null ? null : { record, label, heldFor: null }
    const isSettled = readAtMs - folder.mtimeMs > clockGrainMs
    return { stamp: isSettled ? stamp : null, entry }
  }
}

async function look({ directory, summary }: RunFolder): Promise<{ folder: Stats | null; stamp: string }> {
  const [folder, record] = await Promise.all([statsOf(directory), statsOf(summary)])
  return { folder, stamp: `${folder?.mtimeMs} ${record?.mtimeMs} ${record?.size}` }
}

/** Thousands of these make a list: by a callback each costs a third of what it costs as a promise of Node's. */
function statsOf(path: string): Promise<Stats | null> {
  return new Promise((resolve) => stat(path, (error, stats) => resolve(error === null ? stats : null)))
}

/** Its owner was killed since it was read. */
function needsAnEnd(entry: StoredEntry | null): boolean {
  return entry !== null && hasNoOwner(entry.record, hostname())
}
