import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeBrowserFolder, sweepBrowserFolders } from './browser-folder.js'

let parent: string
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'tandem-browser-folder-'))
})
afterEach(() => rm(parent, { recursive: true }))

/** Of a process that has ended. */
function deadProcess(): number {
  return spawnSync(process.execPath, ['-e', '']).pid
}

describe('the folder of a browser', () => {
  it.skipIf(process.platform === 'win32')('is its owner’s alone', async () => {
    const { mode } = await stat(await makeBrowserFolder(parent))

    expect(mode & 0o777).toBe(0o700)
  })

  it('is swept once its host is gone, with what is in it, and no other', async () => {
    const own = await makeBrowserFolder(parent)
    const left = join(parent, `tandem-browser-${deadProcess()}-1-abc123`)
    await mkdir(join(left, 'profile'), { recursive: true })
    await writeFile(join(left, 'profile', 'file'), 'text')
    const elsewhere = join(parent, 'elsewhere')
    await mkdir(elsewhere)
    await writeFile(join(elsewhere, 'file'), 'text')
    const link = join(parent, `tandem-browser-${deadProcess()}-1-abc456`)
    await symlink(elsewhere, link)
    await sweepBrowserFolders(parent)

    expect((await readdir(parent)).sort()).toEqual([basename(own), basename(link), 'elsewhere'].sort())
    expect(await readdir(elsewhere)).toEqual(['file'])
  })

  it('is swept without complaint where there is none', async () => {
    await sweepBrowserFolders(join(parent, 'none'))
  })
})
