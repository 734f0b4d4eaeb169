import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { archiveDirectory, imageBytes, recordBytes, splitFiles } from '../../shared/data/cifar10.js'
import { type Results, resultsSchema } from '../../shared/results/results.js'
import { type PictureOptions, stepPictures } from './step-pictures.js'

const resourcesDirectory = fileURLToPath(new URL('../../../resources', import.meta.url))
const options: PictureOptions = { environment: {}, resourcesDirectory, isImported: false }

let example: Results
let directory: string

beforeAll(async () => {
  const path = join(resourcesDirectory, 'recorded-runs', '20261125-110450-8ae568', 'results.json')
  example = resultsSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  directory = await mkdtemp(join(tmpdir(), 'tandem-pictures-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

async function pictures(
  run: Results,
  key: string,
  place = { epoch: 1, step: 3, limit: 512 },
  given = options,
) {
  const answer = await stepPictures(run, { key, ...place }, given)
  if (answer.kind === 'missing') throw new Error(answer.reason)
  const pixels = Buffer.from(answer.pixels, 'base64')
  const hashes = Array.from({ length: pixels.length / imageBytes }, (_, index) =>
    createHash('sha256')
      .update(pixels.subarray(index * imageBytes, (index + 1) * imageBytes))
      .digest('hex'),
  )
  return { ranks: answer.ranks, hashes }
}

describe('the pictures of a step', () => {
  it('are the same for Single and DP, and dealt out among the ranks of DDP', async () => {
    const single = await pictures(example, 'single')
    const ddp = await pictures(example, 'ddp')
    expect(single.ranks).toEqual([128])
    expect(ddp.ranks).toEqual([64, 64])
    expect((await pictures(example, 'dp')).hashes).toEqual(single.hashes)
    expect([...ddp.hashes].sort()).toEqual([...single.hashes].sort())
  })

  it('are others in another step, another epoch and under another seed', async () => {
    const here = await pictures(example, 'single')
    const reseeded = { ...example, configuration: { ...example.configuration, seed: 1 } }
    for (const other of [
      await pictures(example, 'single', { epoch: 1, step: 4, limit: 512 }),
      await pictures(example, 'single', { epoch: 2, step: 3, limit: 512 }),
      await pictures(reseeded, 'single'),
    ]) {
      expect(other.hashes).not.toEqual(here.hashes)
    }
  })

  it('come from the folder of CIFAR-10 that the run names, or the archive in it', async () => {
    const sample = await promisify(brotliDecompress)(
      await readFile(join(resourcesDirectory, 'cifar10-sample', 'train.bin.br')),
    )
    const inside = join(directory, archiveDirectory)
    await mkdir(inside)
    // The sample's records, in five files as the published ones.
    const share = (sample.length / recordBytes / 5) * recordBytes
    for (const [index, name] of splitFiles.train.entries()) {
      await writeFile(join(inside, name), sample.subarray(index * share, (index + 1) * share))
    }
    // Without it, it is not the folder that a run was made from.
    for (const name of splitFiles.test) await writeFile(join(inside, name), '')
    for (const dataDir of [directory, inside]) {
      const run: Results = {
        ...example,
        configuration: { ...example.configuration, dataset: 'cifar10', dataDir },
      }
      expect(await pictures(run, 'ddp')).toEqual(await pictures(example, 'ddp'))
    }
  })

  it('are drawn where the run drew them', async () => {
    const run: Results = { ...example, configuration: { ...example.configuration, dataset: 'synthetic' } }
    expect(new Set((await pictures(run, 'single')).hashes).size).toBe(128)
  })

  it('are at most as many of a rank as were asked for', async () => {
    expect((await pictures(example, 'ddp', { epoch: 0, step: 0, limit: 10 })).ranks).toEqual([10, 10])
  })

  it('have a reason in their place where they are not here', async () => {
    const elsewhere: Results = {
      ...example,
      configuration: { ...example.configuration, dataset: 'cifar10', dataDir: join(directory, 'nowhere') },
    }
    const place = { key: 'single', epoch: 0, step: 0, limit: 8 }
    expect(await stepPictures(elsewhere, place, options)).toEqual({
      kind: 'missing',
      reason: `${join(directory, 'nowhere')} does not exist`,
    })
    expect(await stepPictures(elsewhere, place, { ...options, isImported: true })).toEqual({
      kind: 'missing',
      reason: 'its pictures are on the machine that measured it',
    })
    expect(await stepPictures(example, { ...place, key: 'dp@7' }, options)).toMatchObject({ kind: 'missing' })
  })
})
