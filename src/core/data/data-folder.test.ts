import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cacheFolder } from '../cache-folder.js'
import { assertUserFolders, homeFolder } from '../user-folders.js'
import { dataFolder } from './data-folder.js'

describe('the folders of a user', () => {
  it('are those of TANDEM_DATA_DIR and TANDEM_CACHE_DIR, made absolute', () => {
    expect(dataFolder({ TANDEM_DATA_DIR: 'my-data' })).toBe(resolve('my-data'))
    expect(cacheFolder({ TANDEM_CACHE_DIR: 'my-cache' })).toBe(resolve('my-cache'))
  })

  it('are those of the platform where the variables are not set or empty', () => {
    expect(isAbsolute(dataFolder({}))).toBe(true)
    expect(dataFolder({})).toMatch(/tandem/i)
    expect(dataFolder({ TANDEM_DATA_DIR: '' })).toBe(dataFolder({}))
  })

  it.runIf(process.platform === 'linux')('follow XDG', () => {
    const environment = { HOME: '/home/me', XDG_CACHE_HOME: '/cache' }
    expect(dataFolder(environment)).toBe('/home/me/.local/share/tandem')
    expect(cacheFolder(environment)).toBe('/cache/tandem')
  })

  it('are not made of an empty HOME', () => {
    expect(homeFolder({ HOME: '', USERPROFILE: '' })).toBe(homedir())
  })

  it('that are files are an error, not an empty history', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tandem-folders-'))
    try {
      const file = join(folder, 'file')
      await writeFile(file, '')
      const environment = { TANDEM_DATA_DIR: file, TANDEM_CACHE_DIR: folder }
      expect(() => assertUserFolders(environment)).toThrow(`${file} is not a folder`)
      expect(() => assertUserFolders({ ...environment, TANDEM_DATA_DIR: join(folder, 'new') })).not.toThrow()
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
