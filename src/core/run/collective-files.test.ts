import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chown, lutimes, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { reserveCollectivePath, sweepCollectiveFiles } from './collective-files.js'
import { ownIdentity } from './process-identity.js'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-collective-test-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

describe('a path for a group to meet at', () => {
  it('is free, in the first folder with space, and never the same', async () => {
    const first = await reserveCollectivePath(1, [join(folder, 'missing'), folder])
    const second = await reserveCollectivePath(1, [folder])
    expect(dirname(first.path)).toBe(folder)
    expect(existsSync(first.path)).toBe(false)
    expect(second.path).not.toBe(first.path)
    await first.remove()
    await second.remove()
  })

  it('says how much is missing where nothing has the space', async () => {
    await expect(reserveCollectivePath(1e18, [folder])).rejects.toMatchObject({
      code: 'collective-space',
      message: expect.stringMatching(/^DDP needs 909494\.7 TiB .* free are .* in /),
    })
  })

  it('takes away what the ranks put there, and is content to do so twice', async () => {
    const { path, remove } = await reserveCollectivePath(1, [folder])
    await mkdir(path)
    await writeFile(join(path, 'rank-0'), 'vector')
    await remove()
    await remove()
    expect(await readdir(folder)).toEqual([])
  })
})

describe('sweeping', () => {
  const randomPart = 'a'.repeat(32)
  const leave = async (name: string, ageMs: number): Promise<void> => {
    const path = join(folder, name)
    await writeFile(path, '')
    const then = (Date.now() - ageMs) / 1000
    await utimes(path, then, then)
  }
  const { pid, startTime } = ownIdentity()
  const gone = (): number => spawnSync(process.execPath, ['-e', '']).pid

  it('removes old files of hosts that are gone, and only those', async () => {
    const ofDead = `tandem-collective-${gone()}-1-${randomPart}`
    const reusedPid = `tandem-collective-${pid}-${startTime + 1}-${randomPart}`
    const kept = [
      `tandem-collective-${pid}-${startTime}-${randomPart}`,
      `tandem-collective-${gone()}-1-short`,
      'someone-elses-file',
    ]
    for (const name of [ofDead, reusedPid, ...kept]) await leave(name, 60_000)
    const removed = await sweepCollectiveFiles(30_000, [folder, join(folder, 'missing')])
    expect(removed.sort()).toEqual([join(folder, ofDead), join(folder, reusedPid)].sort())
    expect((await readdir(folder)).sort()).toEqual(kept.sort())
  })

  it('leaves what is young: its host may be in another container', async () => {
    await leave(`tandem-collective-${gone()}-1-${randomPart}`, 1_000)
    expect(await sweepCollectiveFiles(30_000, [folder])).toEqual([])
  })

  const isRoot = process.getuid?.() === 0
  it.skipIf(!isRoot)(
    `leaves what is another user's, though root could remove it${isRoot ? '' : ' (skipped: needs root)'}`,
    async () => {
      const [file, directory] = [
        `tandem-collective-${gone()}-1-${randomPart}`,
        `tandem-collective-${gone()}-2-${randomPart}`,
      ]
      await leave(file, 60_000)
      await mkdir(join(folder, directory))
      await utimes(join(folder, directory), 0, 0)
      for (const name of [file, directory]) await chown(join(folder, name), 12_345, 12_345)
      expect(await sweepCollectiveFiles(30_000, [folder])).toEqual([])
    },
  )

  it('leaves a link, and what it leads to', async () => {
    const precious = join(folder, 'precious')
    await mkdir(precious)
    const link = join(folder, `tandem-collective-${gone()}-1-${randomPart}`)
    await symlink(precious, link)
    await lutimes(link, 0, 0)
    expect(await sweepCollectiveFiles(30_000, [folder])).toEqual([])
    expect(await readdir(folder)).toHaveLength(2)
  })
})
