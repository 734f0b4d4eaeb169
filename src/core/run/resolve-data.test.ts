import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { recordBytes, splitFiles } from '../../shared/data/cifar10.js'
import { resolveData } from './resolve-data.js'

const resourcesDirectory = fileURLToPath(new URL('../../../resources', import.meta.url))
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-data-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

const options = () => ({ environment: { TANDEM_DATA_DIR: folder }, resourcesDirectory })

describe('the pictures of a run', () => {
  it('ship with Tandem: about 2,000 to train on and 400 to test with', async () => {
    const data = await resolveData({ dataset: 'sample', dataDir: null }, options())
    expect(data).toEqual({
      source: { kind: 'sample', directory: join(resourcesDirectory, 'cifar10-sample') },
      trainSamples: 2_000,
      testSamples: 400,
    })
  })

  it('are as many as CIFAR-10 when they are generated', async () => {
    const data = await resolveData({ dataset: 'synthetic', dataDir: null }, options())
    expect(data).toMatchObject({ trainSamples: 50_000, testSamples: 10_000 })
  })

  it('come from the folder that was named, or from an earlier download', async () => {
    const directory = join(folder, 'cifar-10-batches-bin')
    await mkdir(directory)
    for (const name of [...splitFiles.train, ...splitFiles.test]) {
      await writeFile(join(directory, name), Buffer.alloc(2 * recordBytes))
    }
    const expected = { source: { kind: 'cifar10', directory }, trainSamples: 10, testSamples: 2 }
    expect(await resolveData({ dataset: 'cifar10', dataDir: directory }, options())).toEqual(expected)
    expect(await resolveData({ dataset: 'cifar10', dataDir: null }, options())).toEqual(expected)
  })

  it('are not looked for in a folder that the data set has no use for', async () => {
    const wanted = { dataset: 'synthetic' as const, dataDir: folder }
    await expect(resolveData(wanted, options())).rejects.toMatchObject({ code: 'data-dir-unused' })
  })
})
