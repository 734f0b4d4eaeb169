import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { DataSource } from '../../shared/child/trainer-protocol.js'

/** The files that are trained on, whatever else lies beside them. */
const files = { cifar10: /^(data_batch_\d+|test_batch)\.bin$/, sample: /^(train|test)\.bin\.br$/ } as const

/** SHA-256 over all pictures and labels of a data set, in the order of its files; equal on machines that train on the same. */
export async function dataChecksum(source: DataSource, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  if (source.kind === 'synthetic') {
    return hash.update(JSON.stringify([source.kind, source.trainSamples, source.testSamples])).digest('hex')
  }
  const names = (await readdir(source.directory)).filter((name) => files[source.kind].test(name)).sort()
  for (const name of names) {
    hash.update(`${name}\n`)
    await pipeline(createReadStream(join(source.directory, name)), hash, {
      end: false,
      ...(signal && { signal }),
    })
  }
  return hash.digest('hex')
}
