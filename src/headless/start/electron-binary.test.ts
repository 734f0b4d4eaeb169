import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rememberFailure } from '../../core/failure-memory.js'
import { findElectron } from './electron-binary.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-electron-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** The package as npm leaves it, with these files beside. */
async function install(files: Record<string, string> = {}): Promise<void> {
  for (const [name, content] of Object.entries({ 'package.json': '{ "version": "45.4.1" }', ...files })) {
    const path = join(folder, 'electron', name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, content, { mode: 0o755 })
  }
}

const find = (environment: NodeJS.ProcessEnv = {}, platform: NodeJS.Platform = 'linux') =>
  findElectron({
    packageDirectory: join(folder, 'electron'),
    environment: { TANDEM_CACHE_DIR: folder, ...environment },
    platform,
  })

describe("Electron's program", () => {
  it.each([
    ['linux', 'electron'],
    ['darwin', 'Electron.app/Contents/MacOS/Electron'],
    ['win32', 'electron.exe'],
  ] as const)('is found where it was unpacked on %s', async (platform, program) => {
    await install({ 'path.txt': program, 'dist/version': '45.4.1', [`dist/${program}`]: '#!/bin/sh' })

    expect(await find({}, platform)).toEqual({
      status: 'installed',
      path: join(folder, 'electron', 'dist', program),
    })
  })

  it('is missing where npm left only the package', async () => {
    await install()

    expect(await find()).toEqual({ status: 'missing' })
  })

  it('is missing where it was unpacked by half, or of another version', async () => {
    await install({ 'path.txt': 'electron', 'dist/version': 'v45.4.1' })
    expect(await find()).toEqual({ status: 'missing' })

    await install({ 'dist/electron': '#!/bin/sh', 'dist/version': 'v44.0.0' })
    expect(await find()).toEqual({ status: 'missing' })
  })

  it('may be one of the user’s own', async () => {
    await install({ '../own/electron': '#!/bin/sh' })
    const own = join(folder, 'own')

    expect(await find({ ELECTRON_OVERRIDE_DIST_PATH: own })).toEqual({
      status: 'installed',
      path: join(own, 'electron'),
    })
    expect(await find({ ELECTRON_OVERRIDE_DIST_PATH: folder })).toMatchObject({ status: 'unavailable' })
  })

  it('is not to be had without the package', async () => {
    expect(await find()).toMatchObject({ status: 'unavailable', why: expect.stringMatching(/not installed/) })
  })

  it('is not fetched where that was switched off', async () => {
    await install()

    expect(await find({ ELECTRON_SKIP_BINARY_DOWNLOAD: '1' })).toMatchObject({
      status: 'unavailable',
      why: expect.stringMatching(/SKIP/),
    })
  })

  it('is not fetched for an hour after that has failed', async () => {
    await install()
    await rememberFailure('electron-fetch', { TANDEM_CACHE_DIR: folder })
    expect(await find()).toMatchObject({ status: 'unavailable', why: expect.stringMatching(/last hour/) })

    const longAgo = new Date(Date.now() - 61 * 60_000)
    await utimes(join(folder, 'electron-fetch-failed'), longAgo, longAgo)
    expect(await find()).toEqual({ status: 'missing' })
  })
})
