import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findBrowser } from './find-browser.js'
import { launchBrowser } from './launch-browser.js'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-browser-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

async function program(name: string, script = 'exit 0'): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return path
}

const find = (environment: NodeJS.ProcessEnv, path?: string) =>
  findBrowser({ path, environment, npmFolder: join(folder, 'none') })

// Programs are shell scripts here, and the places of other systems cannot be made in a folder of one's own.
describe.skipIf(process.platform !== 'linux')('the browser that prints', () => {
  it('is the one named, else that of CHROME_PATH, else an installed one', async () => {
    const [named, other] = [await program('named'), await program('other')]
    const installed = await program('chromium')
    const environment = { CHROME_PATH: other, PATH: ['/nowhere', folder].join(delimiter) }

    expect(await find(environment, named)).toEqual({ path: named, source: 'setting' })
    expect(await find(environment)).toEqual({ path: other, source: 'environment' })
    expect(await find({ PATH: environment.PATH })).toEqual({ path: installed, source: 'installed' })
  })

  it('prefers Chrome, and takes Edge', async () => {
    const edge = await program('microsoft-edge')
    expect(await find({ PATH: folder })).toMatchObject({ path: edge })
    await program('chromium')
    const chrome = await program('google-chrome')
    expect(await find({ PATH: folder })).toMatchObject({ path: chrome })
  })

  it('is null where there is none', async () => {
    expect(await find({ PATH: folder })).toBeNull()
  })

  it.each([
    [{}, 'none', '--browser'],
    [{ CHROME_PATH: '/none' }, undefined, 'CHROME_PATH /none'],
  ])('is not replaced by another one where it was named in vain', async (environment, path, by) => {
    await program('chromium')
    await expect(find({ ...environment, PATH: folder }, path)).rejects.toMatchObject({
      code: 'browser-missing',
      message: expect.stringContaining(by),
    })
  })

  it('says which library it lacks, and how to get it', async () => {
    const path = await program(
      'chromium',
      `echo "$0: error while loading shared libraries: libnss3.so: cannot open shared object file" >&2; exit 127`,
    )
    await expect(launchBrowser(path)).rejects.toMatchObject({
      code: 'browser-not-started',
      message: `${path} lacks the library libnss3.so`,
      hint: 'On Debian or Ubuntu: apt-get install libnss3',
    })
  })
})
