import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** What was measured of one convolution kernel: milliseconds by lowering. */
const timesSchema = z.record(z.string(), z.number().nonnegative())

const fileSchema = z.object({
  format: z.literal('tandem-autotune'),
  version: z.literal(1),
  /** Where the times were taken: shown to people, and compared, since file names are only a digest of it. */
  settings: z.array(z.string()),
  /** By `keyOf` with the batch: what each lowering took. */
  times: z.record(z.string(), timesSchema),
})

export type LoweringTimes = z.infer<typeof timesSchema>

/** Times of lowerings on disk, a file for each set of settings. */
export interface ChoiceCache {
  /** What is known. Empty where nothing was stored, or what was stored cannot be read. */
  read(): Promise<Map<string, LoweringTimes>>
  /** Adds to what is stored. Never rejects: a cache that cannot be written costs time, nothing else. */
  add(times: ReadonlyMap<string, LoweringTimes>): Promise<void>
}

/**
 * `settings` are all that times depend on besides the convolution. Several processes may use one cache: files are
 * replaced as a whole, and of two that add at the same time one may lose what it added, to be timed again some day.
 */
export function openChoiceCache(directory: string, settings: readonly string[]): ChoiceCache {
  const digest = createHash('sha256').update(settings.join('\n')).digest('hex').slice(0, 16)
  const path = join(directory, `${digest}.json`)

  async function read(): Promise<Map<string, LoweringTimes>> {
    try {
      const stored = fileSchema.parse(JSON.parse(await readFile(path, 'utf8')))
      const isOurs = stored.settings.join('\n') === settings.join('\n')
      return new Map(isOurs ? Object.entries(stored.times) : [])
    } catch {
      return new Map()
    }
  }

  return {
    read,
    async add(times) {
      const merged = new Map([...(await read()), ...times])
      const content = {
        format: 'tandem-autotune',
        version: 1,
        settings: [...settings],
        times: Object.fromEntries(merged),
      } satisfies z.infer<typeof fileSchema>
      const temporary = `${path}.${randomUUID()}`
      try {
        await mkdir(directory, { recursive: true })
        await writeFile(temporary, `${JSON.stringify(content, null, 1)}\n`)
        await rename(temporary, path)
      } catch {
        await rm(temporary, { force: true }).catch(() => {})
      }
    },
  }
}

/** A cache for this process alone, where there is no folder to keep one in. */
export function openMemoryCache(): ChoiceCache {
  const known = new Map<string, LoweringTimes>()
  return {
    read: async () => new Map(known),
    async add(times) {
      for (const [key, value] of times) known.set(key, value)
    },
  }
}
