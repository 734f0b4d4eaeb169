import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'
import { cacheFolder } from '../../cache-folder.js'
import { noteFolder } from '../../leftovers/ledger.js'
import { temporaryName } from '../../leftovers/temporary-name.js'

const files = { 'train.bin.br': 'data_batch_1.bin', 'test.bin.br': 'test_batch.bin' } as const

/**
 * The sample in CIFAR-10's own layout, in the cache folder: Python's library has no Brotli. Made once for each content;
 * two that make it at the same time make the same.
 */
export async function unpackSample(directory: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const names = Object.keys(files) as (keyof typeof files)[]
  const packed = await Promise.all(names.map((name) => readFile(join(directory, name))))
  const digest = createHash('sha256')
  for (const bytes of packed) digest.update(bytes)
  const samples = join(cacheFolder(environment), 'sample')
  const folder = join(samples, digest.digest('hex').slice(0, 16))
  if (await isThere(folder)) return folder
  noteFolder(samples)
  const making = join(samples, temporaryName())
  try {
    await mkdir(making, { recursive: true })
    for (const [index, name] of names.entries()) {
      const records = await promisify(brotliDecompress)(packed[index] as Buffer)
      await writeFile(join(making, files[name]), records)
    }
    // Whoever was first has made the same.
    await rename(making, folder).catch(async (error: unknown) => {
      if (!(await isThere(folder))) throw error
    })
    return folder
  } finally {
    await rm(making, { recursive: true, force: true })
  }
}

async function isThere(folder: string): Promise<boolean> {
  return await stat(folder).then(
    () => true,
    () => false,
  )
}
