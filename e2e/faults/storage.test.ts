import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  mountTinyFileSystem,
  noTinyFileSystem,
  type TinyFileSystem,
} from '../../scripts/testing/tiny-file-system.js'
import { buildMachine, Machine, noMachine } from './machine.js'
import { isTraining, Scene, type StartOptions, scenes, single } from './scene.js'
import { storageFaults } from './table/storage.js'

const stage = scenes()

/** Long enough that something can be done to its disk meanwhile. */
const slow: StartOptions = { trainers: { stepDelayMs: 500 } }

const available = mountTinyFileSystem()
available?.dispose()
const why = available === null ? ` (${noTinyFileSystem})` : ''

describe.skipIf(available === null)(`a disk${why}`, { timeout: 180_000 }, () => {
  let disk: TinyFileSystem
  let onDisk: Scene
  beforeEach(() => {
    disk = mountTinyFileSystem('8m') as TinyFileSystem
    mkdirSync(join(disk.folder, 'data'))
    onDisk = new Scene(stage.tandem, join(disk.folder, 'data'))
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

  it('that goes and comes back has everything', async () => {
    const { says, exitCode, history } = storageFaults['file-system-returns']
    const { scene } = stage
    const mount = (...parameters: string[]): void => void execFileSync('mount', parameters)
    mkdirSync(scene.data)
    mount('--bind', disk.folder, scene.data)
    try {
      const command = scene.run(['--strategies', 'single,ddp'], slow)
      await command.printed(/\[Single\] Epoch 1/)
      execFileSync('umount', ['--lazy', scene.data])
      await command.printed(/\[Single\] Epoch 2/)
      mount('--bind', disk.folder, scene.data)

      expect(await command.ended(), command.output()).toBe(exitCode)
      expect(command.output()).toContain(says)
      expect(await scene.list()).toMatchObject([{ status: history, remark: null }])
      await scene.expectNothingLeft()
    } finally {
      // Where the test broke off, it may not be there.
      spawnSync('umount', ['--lazy', scene.data])
    }
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

  it.runIf(existsSync('/usr/bin/nsenter'))(
    'for shared memory that others fill in the middle of DDP is not needed any more',
    async () => {
      const { says, exitCode, history } = storageFaults['shared-memory-filled']
      const own = 'mount -t tmpfs -o size=200m tandem-test /dev/shm && exec "$@"'
      const command = onDisk.run(['--strategies', 'ddp', '--max-steps-per-epoch', '4'], {
        trainers: null,
        launcher: ['unshare', '--mount', 'sh', '-c', own, 'sh'],
      })
      await command.printed(isTraining)
      const fill = 'cat /dev/zero > /dev/shm/ballast'
      const inside = ['--target', String(command.child.pid), '--mount', 'sh', '-c', fill]
      // It ends when nothing more fits.
      expect(spawnSync('nsenter', inside, { encoding: 'utf8' }).stderr).toMatch(/No space left/)

      expect(await command.ended(), command.output()).toBe(exitCode)
      expect(command.output()).toContain(says)
      expect(await onDisk.list()).toMatchObject([{ status: history }])
      await onDisk.expectNothingLeft()
    },
  )

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

const machineLibrary = buildMachine()
afterAll(() => machineLibrary?.dispose())
const whyNoMachine = machineLibrary === null ? ` (${noMachine})` : ''

describe.skipIf(machineLibrary === null)(`a disk that refuses${whyNoMachine}`, { timeout: 180_000 }, () => {
  it.each([
    ['EDQUOT', storageFaults.quota],
    ['EIO', storageFaults['input-output']],
  ] as const)('with %s for a while costs nothing', async (error, { says, exitCode, history }) => {
    const { scene } = stage
    const machine = new Machine(machineLibrary as NonNullable<typeof machineLibrary>, scene.folder)
    const command = scene.run(['--strategies', 'single,ddp'], { ...slow, environment: machine.environment })
    await command.printed(isTraining)
    machine.failDisk(error, scene.data)
    await command.printed(/Warning: the history cannot be written/)
    machine.mendDisk()

    expect(await command.ended(), command.output()).toBe(exitCode)
    expect(command.output()).toContain(says)
    expect(command.output()).toContain('the history could be written again')
    expect(await scene.list()).toMatchObject([{ status: history, remark: null }])
    await scene.expectNothingLeft()
  })
})

describe.runIf(existsSync('/usr/bin/prlimit'))('open files', { timeout: 180_000 }, () => {
  it('that have run out for a while cost nothing', async () => {
    const { says, exitCode, history } = storageFaults['few-files']
    const { scene } = stage
    const command = scene.run(single, { trainers: { stepDelayMs: 1_000 } })
    const allow = (count: number): void =>
      void execFileSync('prlimit', ['--pid', String(command.child.pid), `--nofile=${count}:`])
    await command.printed(isTraining)
    allow(4)
    await command.printed(/Warning: the history cannot be written/)
    allow(1_024)

    expect(await command.ended(), command.output()).toBe(exitCode)
    expect(command.output()).toContain(says)
    expect(await scene.list()).toMatchObject([{ status: history, remark: null }])
    await scene.expectNothingLeft()
  })
})

describe.runIf(process.platform === 'linux')('the history', { timeout: 180_000 }, () => {
  it('that vanishes in the middle of a run is made again', async () => {
    const { says, exitCode, history } = storageFaults.vanished
    const command = stage.scene.run(single, slow)
    await command.printed(isTraining)
    rmSync(join(stage.scene.data, 'runs'), { recursive: true })

    expect(await command.ended(), command.output()).toBe(exitCode)
    expect(command.output()).toContain(says)
    expect(await stage.scene.list()).toMatchObject([{ status: history }])
    const [runId = ''] = readdirSync(join(stage.scene.data, 'runs')).filter((name) => !name.startsWith('.'))
    expect(statSync(join(stage.scene.data, 'runs', runId, 'recording.jsonl')).size).toBeGreaterThan(1_000)
    await stage.scene.expectNothingLeft()
  })

  it.each([
    ['empty', (path: string) => truncateSync(path)],
    ['missing', (path: string) => rmSync(path)],
  ])('with results that are %s has them from the recording, and says so', async (_what, damage) => {
    const { says, exitCode, history } = storageFaults['lost-results']
    const { scene } = stage
    expect(await scene.run(single).ended()).toBe(0)
    const { runId } = scene.results()
    damage(join(scene.data, 'runs', runId, 'results.json'))

    const page = join(scene.folder, 'out', 'report.html')
    const command = scene.start(['report', runId, '--html', page])
    expect(await command.ended(), command.output()).toBe(exitCode)
    expect(readFileSync(page, 'utf8')).toContain(says)
    expect(await scene.list()).toMatchObject([{ runId, status: history }])
    await scene.expectNothingLeft()
  })

  it.each([
    ['empty', (path: string) => truncateSync(path)],
    ['missing', (path: string) => rmSync(path)],
    ['half of one', (path: string) => truncateSync(path, Math.floor(statSync(path).size / 2))],
    ['a named pipe', (path: string) => execFileSync('sh', ['-c', 'rm "$0" && mkfifo "$0"', path])],
  ])('with an entry that is %s makes it again, and says so', async (_what, damage) => {
    const { says, exitCode, history } = storageFaults.damaged
    expect(await stage.scene.run(single).ended()).toBe(0)
    const [runId = ''] = readdirSync(join(stage.scene.data, 'runs')).filter((name) => !name.startsWith('.'))
    damage(join(stage.scene.data, 'runs', runId, 'run.json'))

    const command = stage.scene.start(['history', 'list'])
    expect(await command.ended()).toBe(exitCode)
    expect(command.output()).toContain(says)
    expect(await stage.scene.list()).toMatchObject([{ runId, status: history }])
    await stage.scene.expectNothingLeft()
  })
})
