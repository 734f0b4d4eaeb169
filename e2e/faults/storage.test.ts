import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  mountTinyFileSystem,
  noTinyFileSystem,
  type TinyFileSystem,
} from '../../scripts/testing/tiny-file-system.js'
import type { BuiltEntry } from '../../src/child/test-support/build-entry.js'
import { storageFaults } from './fault-table.js'
import { buildTandem, Scene, type StartOptions } from './scene.js'

let tandem: BuiltEntry
let scene: Scene
beforeAll(async () => {
  tandem = await buildTandem()
})
afterAll(() => tandem.dispose())
beforeEach(() => {
  scene = new Scene(tandem)
})
afterEach(() => scene.dispose())

/** Long enough that something can be done to its disk meanwhile. */
const slow: StartOptions = { trainers: { stepDelayMs: 500 } }
const isTraining = /Warm-up/
const single = ['--strategies', 'single']

const available = mountTinyFileSystem()
available?.dispose()
const why = available === null ? ` (${noTinyFileSystem})` : ''

describe.skipIf(available === null)(`a disk${why}`, { timeout: 180_000 }, () => {
  let disk: TinyFileSystem
  let onDisk: Scene
  beforeEach(() => {
    disk = mountTinyFileSystem('8m') as TinyFileSystem
    mkdirSync(join(disk.folder, 'data'))
    onDisk = new Scene(tandem, join(disk.folder, 'data'))
  })
  afterEach(() => {
    onDisk.dispose()
    disk.dispose()
  })

  it('that is full costs the history, and nothing else', async () => {
    const { says, exitCode, history } = storageFaults.full
    const command = onDisk.run(single, slow)
    await command.printed(isTraining)
    disk.fill()

    expect(await command.ended(), command.output()).toBe(exitCode)
    expect(command.output()).toContain(says)
    expect(command.output()).not.toContain('History:')
    expect(onDisk.results().status).toBe('complete')
    disk.empty()
    expect(await onDisk.list()).toMatchObject([{ status: history }])
    await onDisk.expectNothingLeft()
  })

  it('that has room again has everything', async () => {
    const { says, exitCode, history } = storageFaults['comes-back']
    const command = onDisk.run(['--strategies', 'single,ddp'], slow)
    await command.printed(isTraining)
    disk.fill()
    await command.printed(/Warning: the history cannot be written: the disk is full/)
    disk.empty()

    expect(await command.ended(), command.output()).toBe(exitCode)
    expect(command.output()).toContain(says)
    expect(await onDisk.list()).toMatchObject([{ status: history, remark: null }])
    await onDisk.expectNothingLeft()
  })

  it('that is read-only costs the history, and nothing else', async () => {
    const { says, exitCode } = storageFaults['read-only']
    disk.setWritable(false)
    const command = onDisk.run(single)

    expect(await command.ended(), command.output()).toBe(exitCode)
    expect(command.output()).toContain(says)
    expect(onDisk.results().status).toBe('complete')
    expect(await onDisk.list()).toEqual([])
    await onDisk.expectNothingLeft()
  })

  it('that takes neither history nor results leaves the temporary folder', async () => {
    const { says, exitCode } = storageFaults.nowhere
    const command = onDisk.run([...single, '--output-file', join(disk.folder, 'results.json')], slow)
    await command.printed(isTraining)
    disk.fill()

    expect(await command.ended(), command.output()).toBe(exitCode)
    const [, path] = new RegExp(`${says} (\\S+)`).exec(command.output()) ?? []
    expect(path && JSON.parse(execFileSync('cat', [path], { encoding: 'utf8' })).status).toBe('complete')
    await onDisk.expectNothingLeft()
  })

  it.runIf(existsSync('/usr/bin/unshare'))(
    'for shared memory that is too small fails DDP alone',
    async () => {
      const { says, exitCode, history } = storageFaults['small-shared-memory']
      const tiny = 'mount -t tmpfs -o size=1m tandem-test /dev/shm && exec "$@"'
      const command = onDisk.run([], {
        launcher: ['unshare', '--mount', 'sh', '-c', tiny, 'sh'],
        environment: { TMPDIR: disk.folder },
      })

      expect(await command.ended(), command.output()).toBe(exitCode)
      const { measurements } = onDisk.results()
      const failed = measurements.filter(({ status }) => status === 'failed')
      expect(failed.map(({ title }) => title)).toEqual(['DDP'])
      expect(failed[0]?.error?.message).toContain(says)
      expect(await onDisk.list()).toMatchObject([{ status: history }])
      await onDisk.expectNothingLeft()
    },
  )
})

describe.runIf(process.platform === 'linux')('the history', { timeout: 180_000 }, () => {
  it('that vanishes in the middle of a run is made again', async () => {
    const { says, exitCode, history } = storageFaults.vanished
    const command = scene.run(single, slow)
    await command.printed(isTraining)
    rmSync(join(scene.data, 'runs'), { recursive: true })

    expect(await command.ended(), command.output()).toBe(exitCode)
    expect(command.output()).toContain(says)
    expect(await scene.list()).toMatchObject([{ status: history }])
    const [runId = ''] = readdirSync(join(scene.data, 'runs')).filter((name) => !name.startsWith('.'))
    expect(statSync(join(scene.data, 'runs', runId, 'recording.jsonl')).size).toBeGreaterThan(1_000)
    await scene.expectNothingLeft()
  })

  it.each([
    ['empty', (path: string) => truncateSync(path)],
    ['missing', (path: string) => rmSync(path)],
    ['half of one', (path: string) => truncateSync(path, Math.floor(statSync(path).size / 2))],
    ['a named pipe', (path: string) => execFileSync('sh', ['-c', 'rm "$0" && mkfifo "$0"', path])],
  ])('with an entry that is %s makes it again, and says so', async (_what, damage) => {
    const { says, exitCode, history } = storageFaults.damaged
    expect(await scene.run(single).ended()).toBe(0)
    const [runId = ''] = readdirSync(join(scene.data, 'runs')).filter((name) => !name.startsWith('.'))
    damage(join(scene.data, 'runs', runId, 'run.json'))

    const command = scene.start(['history', 'list'])
    expect(await command.ended()).toBe(exitCode)
    expect(command.output()).toContain(says)
    expect(await scene.list()).toMatchObject([{ runId, status: history }])
    await scene.expectNothingLeft()
  })
})

describe.runIf(process.platform === 'linux')('where a results file is wanted', { timeout: 180_000 }, () => {
  const commands: ((path: string) => string[])[] = [
    (path) => ['report', path, '--html', join(scene.folder, 'out', 'report.html')],
    (path) => ['compare', path, path],
    (path) => ['history', 'import', path],
  ]

  it.each([
    ['a named pipe', (path: string) => execFileSync('mkfifo', [path])],
    ['a folder', (path: string) => mkdirSync(path)],
    ['a compressed file', (path: string) => writeFileSync(path, gzipSync('{}'))],
    ['UTF-16', (path: string) => writeFileSync(path, '\ufeff{"a":1}', 'utf16le')],
  ])('%s is named, and never waited for', async (_what, make) => {
    const { says, exitCode } = storageFaults['other-file']
    const path = join(scene.folder, 'given.json')
    make(path)
    for (const parameters of commands.map((command) => command(path))) {
      const command = scene.start(parameters)
      expect(await command.ended(), command.output()).toBe(exitCode)
      expect(command.output()).toContain(`given.json ${says}`)
      expect(command.output().trim().split('\n')).toHaveLength(1)
    }
    await scene.expectNothingLeft()
  })

  it('a pipe that a shell hands over is read', async () => {
    expect(await scene.run(single).ended()).toBe(0)
    const path = `<(cat '${scene.outputFile}')`
    const command = scene.start(['compare'], {
      launcher: ['bash', '-c', `exec "$@" ${path} ${path}`, 'bash'],
    })
    // Both are read; a trainer that trains nothing has figures that nobody should rely on.
    expect(await command.ended(), command.output()).toBe(1)
    expect(command.output()).toMatch(/Settings and machine are the same\.[\s\S]*\(unreliable\)/)
    await vi.waitFor(() => expect(scene.processes()).toEqual([]))
  })
})
