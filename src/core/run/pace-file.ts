import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readDocument } from '../files/read-document.js'
import { replaceFile } from '../results/output-file.js'
import { type Pace, paceSchema } from './pace.js'

/** What is known of how fast strategies are on this machine, from one run to the next. Nothing here rejects. */
export interface PaceStore {
  /** By `paceKey`; the oldest first. */
  read(): Promise<ReadonlyMap<string, readonly Pace[]>>
  add(key: string, pace: Pace): Promise<void>
}

/** More would follow a machine that has changed too slowly. */
const keptPaces = 5
/** Each is a strategy with settings of its own; the oldest go first. */
const keptKeys = 300

const paceFileSchema = z.object({
  format: z.literal('tandem-paces'),
  version: z.literal(1),
  paces: z.array(z.tuple([z.string(), z.array(paceSchema)])),
})

/**
 * `paces.json` in the cache folder. A file that is damaged or missing is an empty one, and one that cannot be written costs
 * no run: what it would have said is measured again.
 */
export function openPaceFile(cacheFolder: string): PaceStore {
  const path = join(cacheFolder, 'paces.json')
  const read = async (): Promise<Map<string, Pace[]>> => {
    const document = paceFileSchema.safeParse(await readDocument(path).catch(() => null))
    return new Map(document.data?.paces ?? [])
  }
  return {
    read,
    async add(key, pace) {
      const paces = await read()
      const known = paces.get(key) ?? []
      // To the end: the newest.
      paces.delete(key)
      paces.set(key, [...known, pace].slice(-keptPaces))
      const document = { format: 'tandem-paces', version: 1, paces: [...paces].slice(-keptKeys) }
      await mkdir(cacheFolder, { recursive: true })
        .then(() => replaceFile(path, `${JSON.stringify(document)}\n`))
        .catch(() => undefined)
    },
  }
}
