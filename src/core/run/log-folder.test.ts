import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fakeHost } from './fake-host.fixture.js'
import { logFolder, logTo, pruneLogs } from './log-folder.js'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-logs-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

describe('logs', () => {
  it('go where the environment says, else where the platform keeps logs', () => {
    expect(logFolder({ TANDEM_LOG_DIR: 'here' })).toBe(resolve('here'))
    expect(logFolder({})).toMatch(/tandem/)
  })

  it('have a folder a run and measurement, where there is one at all', () => {
    expect(logTo({ ...fakeHost(), logDirectory: folder }, 'run', 'ddp').logDirectory).toBe(
      join(folder, 'run', 'ddp'),
    )
    expect(logTo(fakeHost(), 'run', 'ddp').logDirectory).toBeNull()
  })

  it('are kept of the latest runs only; other folders stay', async () => {
    const runs = Array.from(
      { length: 25 },
      (_, day) => `202601${String(day + 1).padStart(2, '0')}-120000-abcdef`,
    )
    for (const name of [...runs, 'notes']) await mkdir(join(folder, name))
    await pruneLogs(folder)
    expect((await readdir(folder)).sort()).toEqual([...runs.slice(-20), 'notes'])
    await pruneLogs(join(folder, 'missing'))
  })
})
