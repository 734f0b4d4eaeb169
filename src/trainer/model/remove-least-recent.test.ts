import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeLeastRecent } from './remove-least-recent.js'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tandem-recent-'))
})
afterEach(() => rm(directory, { recursive: true }))

describe('a folder that is kept within its limit', () => {
  it('loses what was not used for longest, and no more than it must', async () => {
    for (const [index, name] of ['older', 'oldest', 'newest', 'newer'].entries()) {
      const usedAt = [20, 10, 40, 30][index] as number
      await writeFile(join(directory, name), Buffer.alloc(100))
      await utimes(join(directory, name), usedAt, usedAt)
    }
    await removeLeastRecent(directory, 400)
    expect(await readdir(directory)).toHaveLength(4)
    await removeLeastRecent(directory, 399)
    expect((await readdir(directory)).sort()).toEqual(['newer', 'newest', 'older'])
    await removeLeastRecent(directory, 150)
    expect(await readdir(directory)).toEqual(['newest'])
  })

  it('may not be there', async () => {
    await removeLeastRecent(join(directory, 'none'), 0)
  })
})
