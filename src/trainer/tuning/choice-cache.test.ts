import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openChoiceCache } from './choice-cache.js'

const settings = ['Some CPU', 'TensorFlow 2.21.0', 'cpu, 1 threads, fp32']
const forward = new Map([['PaddedConv2D a', { operation: 3, patches: 2 }]])
const gradient = new Map([['PaddedConv2DBackpropFilter a', { operation: 7 }]])

describe('the cache of timings', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tandem-cache-'))
  })
  afterEach(() => rm(folder, { recursive: true }))
  const path = async () => join(folder, (await readdir(folder))[0] ?? '')

  it('is empty at first, and its folder need not exist', async () => {
    expect(await openChoiceCache(join(folder, 'deeper', 'still'), settings).read()).toEqual(new Map())
  })

  it('keeps what different processes add', async () => {
    await openChoiceCache(folder, settings).add(forward)
    await openChoiceCache(folder, settings).add(gradient)
    expect(await openChoiceCache(folder, settings).read()).toEqual(new Map([...forward, ...gradient]))
  })

  it('stays whole when many add at the same time', async () => {
    await Promise.all(Array.from({ length: 20 }, () => openChoiceCache(folder, settings).add(forward)))
    expect(await openChoiceCache(folder, settings).read()).toEqual(forward)
    expect(await readdir(folder)).toHaveLength(1)
  })

  it.each([
    ['another processor', ['Other CPU', ...settings.slice(1)]],
    ['another TensorFlow', [settings[0] as string, 'TensorFlow 2.22.0', settings[2] as string]],
    ['other threads', [...settings.slice(0, 2), 'cpu, 2 threads, fp32']],
  ])('knows nothing of %s', async (_what, others) => {
    await openChoiceCache(folder, settings).add(forward)
    expect(await openChoiceCache(folder, others).read()).toEqual(new Map())
  })

  it.each([
    '',
    'not JSON',
    '{"format":"something-else"}',
    '{"format":"tandem-autotune","version":1,"times":3}',
  ])('takes a file that holds %j for empty, and replaces it', async (content) => {
    const cache = openChoiceCache(folder, settings)
    await cache.add(forward)
    await writeFile(await path(), content)
    expect(await cache.read()).toEqual(new Map())
    await cache.add(gradient)
    expect(await cache.read()).toEqual(gradient)
  })

  it('says in the file what it was measured on', async () => {
    await openChoiceCache(folder, settings).add(forward)
    expect(JSON.parse(await readFile(await path(), 'utf8'))).toMatchObject({ settings })
  })

  it('goes without where it cannot write', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    const cache = openChoiceCache(file, settings)
    await cache.add(forward)
    expect(await cache.read()).toEqual(new Map())
  })
})
