import { cp, mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fingerprint } from './fingerprint.mjs'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-fingerprint-'))
  await mkdir(join(folder, 'src', 'deep'), { recursive: true })
  await writeFile(join(folder, 'src', 'a.ts'), 'a')
  await writeFile(join(folder, 'src', 'deep', 'b.ts'), 'b')
  await writeFile(join(folder, 'config.ts'), 'c')
})
afterEach(() => rm(folder, { recursive: true }))

const paths = ['src', 'config.ts']

describe('fingerprint', () => {
  it('is the same for the same files, elsewhere and with other times', async () => {
    const before = await fingerprint(folder, paths)
    const copy = `${folder} copy`
    await cp(folder, copy, { recursive: true })
    await utimes(join(copy, 'config.ts'), new Date(0), new Date(0))

    expect(await fingerprint(copy, paths)).toBe(before)
    await rm(copy, { recursive: true })
  })

  it.each<[string, () => Promise<void>]>([
    ['a file has other content', () => writeFile(join(folder, 'src', 'deep', 'b.ts'), 'B')],
    ['a file is new', () => writeFile(join(folder, 'src', 'new.ts'), '')],
    ['a file is gone', () => rm(join(folder, 'config.ts'))],
    ['a file has another name', () => rename(join(folder, 'src', 'a.ts'), join(folder, 'src', 'z.ts'))],
    [
      'content moved from one file to the next',
      async () => {
        await writeFile(join(folder, 'src', 'a.ts'), '')
        await writeFile(join(folder, 'src', 'deep', 'b.ts'), 'ab')
      },
    ],
  ])('differs when %s', async (_, change) => {
    const before = await fingerprint(folder, paths)
    await change()

    expect(await fingerprint(folder, paths)).not.toBe(before)
  })

  it('does not see what is ignored', async () => {
    const ignore = (path: string) => path === 'src/deep/b.ts'
    const before = await fingerprint(folder, paths, { ignore })
    await writeFile(join(folder, 'src', 'deep', 'b.ts'), 'B')

    expect(await fingerprint(folder, paths, { ignore })).toBe(before)
  })

  it('differs by the facts hashed along', async () => {
    expect(await fingerprint(folder, paths, { facts: ['20'] })).not.toBe(
      await fingerprint(folder, paths, { facts: ['24'] }),
    )
  })
})
