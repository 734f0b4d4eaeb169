import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'

const fileSchema = z.object({
  /** Relative to the engine folder, with forward slashes; never leaves it. */
  path: z
    .string()
    .min(1)
    .refine((path) => !path.startsWith('/') && !path.split('/').includes('..'), 'must stay in the folder'),
  sizeBytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

/** What an engine folder holds, written last: a folder without it is a half-done install. */
export const manifestSchema = z.object({
  format: z.literal('tandem-engine'),
  version: z.literal(1),
  tensorflowVersion: z.string().min(1),
  flavour: z.enum(['cpu', 'cuda']),
  /** `linux x64`: a home folder may be shared by machines of different kinds. */
  platform: z.string().min(1),
  installedAt: z.iso.datetime(),
  files: z.array(fileSchema).min(1),
})

export type Manifest = z.infer<typeof manifestSchema>
export type ManifestFile = z.infer<typeof fileSchema>

const fileName = 'manifest.json'

/** The manifest of an engine folder, or null where there is none or none that can be read. */
export async function readManifest(folder: string): Promise<Manifest | null> {
  try {
    const parsed = manifestSchema.safeParse(JSON.parse(await readFile(join(folder, fileName), 'utf8')))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeFile(join(folder, fileName), `${JSON.stringify(manifest, null, 2)}\n`)
}

/** Says which file is missing or has another size, or null. */
export async function findWrongSize(folder: string, files: readonly ManifestFile[]): Promise<string | null> {
  for (const file of files) {
    const found = await stat(join(folder, file.path)).catch(() => null)
    if (found === null || !found.isFile()) return `${file.path} is missing`
    if (found.size !== file.sizeBytes) {
      return `${file.path} has ${found.size} bytes instead of ${file.sizeBytes}`
    }
  }
  return null
}

/** Reads every byte (about 2 s a gigabyte): says which file differs from what was published, or null. */
export async function findWrongContent(
  folder: string,
  files: readonly ManifestFile[],
  options: { signal?: AbortSignal | undefined; onChecked?: (bytes: number) => void } = {},
): Promise<string | null> {
  const wrongSize = await findWrongSize(folder, files)
  if (wrongSize !== null) return wrongSize
  let checkedBytes = 0
  for (const file of files) {
    const hash = createHash('sha256')
    const bytes = createReadStream(join(folder, file.path), { highWaterMark: 1 << 20 })
    await pipeline(bytes, hash, { ...(options.signal === undefined ? {} : { signal: options.signal }) })
    if (hash.digest('hex') !== file.sha256) return `${file.path} does not have the published SHA-256`
    checkedBytes += file.sizeBytes
    options.onChecked?.(checkedBytes)
  }
  return null
}
