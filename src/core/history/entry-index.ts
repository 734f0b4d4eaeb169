import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { runLabelSchema } from '../../shared/results/history-entry.js'
import { readTextFile } from '../files/read-text-file.js'
import { replaceFile } from '../results/output-file.js'
import { privateFileMode } from './run-folder.js'
import { runRecordSchema } from './run-record.js'
import type { StoredEntry } from './stored-entry.js'

/** An entry as it was read, and what of its folder tells whether it is still so. */
export interface IndexedEntry {
  stamp: string
  entry: StoredEntry | null
}

/** A hundred thousand runs. */
const longestIndexBytes = 400 * 1024 * 1024

/**
 * `.index.json` in the history's folder: all entries in one file, so that a process need not open thousands. Never the
 * truth: an entry counts only as long as its folder says so, and the file is made again where it is gone, damaged, or of a
 * Tandem whose entries look otherwise.
 */
export async function readIndex(history: string): Promise<Map<string, IndexedEntry>> {
  try {
    const text = await readTextFile(indexFile(history), {
      longestBytes: longestIndexBytes,
      refuse: (why) => new Error(why) as never,
    })
    const end = text.indexOf('\n')
    const body = text.slice(end + 1)
    const head = headSchema.parse(JSON.parse(text.slice(0, end)))
    if (head.entriesLookAs !== looks() || head.sha256 !== hash(body)) return new Map()
    // Written by this Tandem, and not changed since: what it says need not be checked entry by entry.
    return new Map(JSON.parse(body) as [string, IndexedEntry][])
  } catch {
    return new Map()
  }
}

/** Never rejects: without an index, lists only take longer. */
export async function writeIndex(history: string, entries: ReadonlyMap<string, IndexedEntry>): Promise<void> {
  const body = JSON.stringify([...entries])
  const head = headSchema.parse({
    format: 'tandem-history-index',
    version: 1,
    entriesLookAs: looks(),
    sha256: hash(body),
  })
  await replaceFile(indexFile(history), `${JSON.stringify(head)}\n${body}`, privateFileMode).catch(() => {})
}

const headSchema = z.object({
  format: z.literal('tandem-history-index'),
  version: z.literal(1),
  entriesLookAs: z.string(),
  sha256: z.string(),
})

let known: string | null = null

/** Changes with the schemas of what an entry is made of, so that no Tandem takes over what another one left out. */
function looks(): string {
  known ??= hash(
    JSON.stringify(
      [runRecordSchema, runLabelSchema].map((schema) => z.toJSONSchema(schema, { io: 'output' })),
    ),
  )
  return known
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}

function indexFile(history: string): string {
  return join(history, '.index.json')
}
