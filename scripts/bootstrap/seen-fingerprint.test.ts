import {
  appendFile,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fingerprint } from './fingerprint.mjs'
import { seenFingerprint } from './seen-fingerprint.mjs'

const paths = ['src', 'config.ts']
const ignore = (path: string) => path.endsWith('.test.ts')
const aMinuteLater = () => Date.now() + 60_000
let folder: string
let memory: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-seen-'))
  memory = join(folder, 'out', 'seen')
  await mkdir(join(folder, 'out'))
  await mkdir(join(folder, 'src', 'deep'), { recursive: true })
  await writeFile(join(folder, 'src', 'a.ts'), 'a')
  await writeFile(join(folder, 'src', 'a.test.ts'), 'a test')
  await writeFile(join(folder, 'src', 'deep', 'b.ts'), 'b')
  await writeFile(join(folder, 'config.ts'), 'c')
})
afterEach(() => rm(folder, { recursive: true }))

const content = () => fingerprint(folder, paths, { ignore })
const seen = (nowMs: () => number = aMinuteLater) => seenFingerprint(folder, paths, { memory, ignore, nowMs })

/** From now on an answer from memory is "remembered", which no content has. */
async function rememberFalsely(): Promise<void> {
  await seen()
  const [known, digest] = (await readFile(memory, 'utf8')).split(' ')
  expect(known).toBe(await content())
  await writeFile(memory, `remembered ${digest}`)
}

describe('a fingerprint from memory', () => {
  it('is that of the contents, which are not read again while files look the same', async () => {
    expect(await seen()).toBe(await content())
    await rememberFalsely()
    expect(await seen()).toBe('remembered')
  })

  it.each<[string, () => Promise<void>]>([
    ['a file has other content', () => writeFile(join(folder, 'src', 'deep', 'b.ts'), 'B')],
    ['a file has grown', () => appendFile(join(folder, 'config.ts'), 'c')],
    ['a file is new', () => writeFile(join(folder, 'src', 'new.ts'), '')],
    ['a file is gone', () => rm(join(folder, 'config.ts'))],
    ['a file has another name', () => rename(join(folder, 'src', 'a.ts'), join(folder, 'src', 'z.ts'))],
    [
      'a file has other content of the same length, and its old time',
      async () => {
        const path = join(folder, 'src', 'a.ts')
        const { atime, mtime } = await stat(path)
        await writeFile(path, 'A')
        await utimes(path, atime, mtime)
      },
    ],
    [
      'a file was replaced by an older one of the same length',
      async () => {
        await copyFile(join(folder, 'config.ts'), join(folder, 'older'))
        await writeFile(join(folder, 'older'), 'C')
        await utimes(join(folder, 'older'), new Date(0), new Date(0))
        await rename(join(folder, 'older'), join(folder, 'config.ts'))
      },
    ],
  ])('is not taken where %s', async (_, change) => {
    await rememberFalsely()
    // Longer than the steps of the clock that files get their times from.
    await delay(20)
    await change()
    expect(await seen()).toBe(await content())
  })

  it('is not kept of files that have just changed: the next change could look the same', async () => {
    expect(await seen(Date.now)).toBe(await content())
    await expect(stat(memory)).rejects.toThrow('ENOENT')
  })

  it('does not see what is ignored', async () => {
    await rememberFalsely()
    await writeFile(join(folder, 'src', 'a.test.ts'), 'another test')
    expect(await seen()).toBe('remembered')
  })

  it('does without a folder to remember in, and with a damaged memory', async () => {
    await rm(join(folder, 'out'), { recursive: true })
    expect(await seen()).toBe(await content())
    await mkdir(join(folder, 'out'))
    await writeFile(memory, '\0 no memory at all')
    expect(await seen()).toBe(await content())
  })
})
