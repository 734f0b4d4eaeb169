import { existsSync, readdirSync } from 'node:fs'
import { lstat, mkdir, mkdtemp, readFile, readlink, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ownerOfTemporary } from '../leftovers/temporary-name.js'
import { makeScratchCopy, type ScratchCopy } from './scratch-copy.js'

let source: string
let copy: ScratchCopy | null = null
beforeEach(async () => {
  source = await mkdtemp(join(tmpdir(), 'tandem-scratch-test-'))
})
afterEach(async () => {
  await copy?.remove()
  copy = null
  await rm(source, { recursive: true })
})

const { signal } = new AbortController()

async function file(path: string, bytes: number): Promise<void> {
  await writeFile(join(source, path), '')
  await truncate(join(source, path), bytes)
}

describe('a scratch copy of a folder', () => {
  it('has its files, and what is written there is not written to them', async () => {
    await mkdir(join(source, 'package'))
    await writeFile(join(source, 'package', 'train.py'), 'original')
    copy = await makeScratchCopy(source, signal)
    const copied = join(copy.folder, 'package', 'train.py')
    await writeFile(copied, 'changed')
    expect(await readFile(join(source, 'package', 'train.py'), 'utf8')).toBe('original')
    expect(copy.note).toMatch(/^Scratch copy: 1 file, /)
  })

  it('keeps links, relative ones too, and links what is large or no part of the work', async () => {
    await file('data.bin', 100 * 2 ** 20)
    await mkdir(join(source, '.git'))
    await symlink('data.bin', join(source, 'link'))
    copy = await makeScratchCopy(source, signal)
    for (const [name, target] of [
      ['data.bin', 'data.bin'],
      ['link', 'data.bin'],
      ['.git', '.git'],
    ] as const) {
      expect(await readlink(join(copy.folder, name))).toBe(join(source, target))
    }
    expect(copy.note).toMatch(/2 large files and folders left in place$/)
  })

  it('may be of a folder with 100 GB of data', async () => {
    await file('huge.bin', 100e9)
    copy = await makeScratchCopy(source, signal)
    expect((await lstat(join(copy.folder, 'huge.bin'))).isSymbolicLink()).toBe(true)
  })

  it('is removed with the word', async () => {
    const made = await makeScratchCopy(source, signal)
    await made.remove()
    expect(existsSync(made.folder)).toBe(false)
  })

  it('of too much is refused, and nothing of it stays', async () => {
    const limits = { largestCopiedBytes: 100, mostCopiedBytes: 250, mostFiles: 10 }
    for (const name of ['a', 'b', 'c']) await file(name, 100)
    await expect(makeScratchCopy(source, signal, limits)).rejects.toMatchObject({ code: 'scratch-too-large' })
    await expect(makeScratchCopy(source, signal, { ...limits, mostFiles: 2 })).rejects.toThrow()
    await expect(
      makeScratchCopy(source, signal, { ...limits, mostCopiedBytes: 300, mostFiles: 2 }),
    ).rejects.toThrow()
    const left = readdirSync(tmpdir()).filter((name) => ownerOfTemporary(name)?.pid === process.pid)
    expect(left).toEqual([])
  })

  it('that is stopped leaves nothing', async () => {
    await writeFile(join(source, 'a'), '')
    await expect(makeScratchCopy(source, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped')
  })
})
