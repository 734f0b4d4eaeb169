import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { running } from '../../core/run/fake-host.fixture.js'
import { type FakeDesktop, type FakeElectron, makeFakeElectron } from './fake-desktop.fixture.js'
import { type DesktopLaunch, runDesktop } from './run-desktop.js'

let folder: string
let electron: FakeElectron

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-launch-'))
})
afterEach(async () => {
  const note = await electron.note()
  const pids = [note?.pid, note?.helper].filter((pid) => pid !== undefined)
  // A process that was killed is in the system's list for a moment still.
  await vi.waitFor(() => expect(running(pids)).toEqual([]))
  await rm(folder, { recursive: true })
})

async function launch(behaviour: FakeDesktop, changes: Partial<DesktopLaunch> = {}) {
  electron = await makeFakeElectron(folder, behaviour)
  const controller = new AbortController()
  let hasOpened!: (how: 'opened' | 'shown') => void
  const opened = new Promise<'opened' | 'shown'>((resolve) => {
    hasOpened = resolve
  })
  const outcome = runDesktop({
    electron: electron.path,
    appDirectory: '/clone',
    wish: 'first',
    environment: process.env,
    signal: controller.signal,
    stderr: new Writable({ write: (_chunk, _encoding, done) => done() }),
    onOpen: hasOpened,
    ...changes,
  })
  return { outcome, opened, interrupt: () => controller.abort() }
}

describe.skipIf(process.platform === 'win32')('the desktop app, as npm start runs it', () => {
  it('is told what to measure, who waits, and in which Node to train, and nothing that would make a Node of it', async () => {
    const environment = { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '--no-warnings' }
    const { outcome, opened, interrupt } = await launch('ready', { wish: 'quick', environment })
    expect(await opened).toBe('opened')
    interrupt()
    await outcome

    expect(await electron.note()).toEqual({
      pid: expect.any(Number),
      args: ['/clone', '--run=quick'],
      launcher: String(process.pid),
      node: process.execPath,
    })
  })

  it('ends when we are asked to', async () => {
    const { outcome, opened, interrupt } = await launch('ready')
    await opened
    interrupt()

    expect(await outcome).toEqual({ kind: 'ended', exitCode: 0 })
  })

  it.each([
    ['closes', 7],
    ['crashes', 139],
  ] as const)('passes on its exit code when it %s', async (behaviour, exitCode) => {
    const { outcome, opened } = await launch(behaviour)
    expect(await opened).toBe('opened')

    expect(await outcome).toEqual({ kind: 'ended', exitCode })
  })

  it('is to be started once more where it says so', async () => {
    expect(await (await launch('starts-again')).outcome).toEqual({ kind: 'start-again' })
  })

  it('is open already where another one runs', async () => {
    const { outcome, opened } = await launch('running-already')

    expect(await opened).toBe('shown')
    expect(await outcome).toEqual({ kind: 'ended', exitCode: 0 })
  })

  it('has failed when it dies before its window is open, with its last word', async () => {
    const { outcome } = await launch('dies')

    expect(await outcome).toEqual({
      kind: 'failed',
      why: 'it ended with exit code 1: Missing X server or $DISPLAY',
    })
  })

  it('has failed when it is killed before', async () => {
    const { outcome } = await launch('is-killed')

    expect(await outcome).toEqual({ kind: 'failed', why: 'it was ended by SIGTRAP' })
  })

  it('has failed when it is not there', async () => {
    const { outcome } = await launch('dies', { electron: join(folder, 'nowhere') })

    expect(await outcome).toEqual({ kind: 'failed', why: expect.stringMatching(/ENOENT/) })
  })

  it('leaves nothing of its own behind when it dies', async () => {
    const { outcome } = await launch('leaves-a-helper')

    expect(await outcome).toMatchObject({ kind: 'failed' })
    expect((await electron.note())?.helper).toBeDefined()
  })

  it('is ended with all its processes when it is not ready in time', async () => {
    const { outcome } = await launch('hangs', { readyMs: 1_000 })

    expect(await outcome).toEqual({ kind: 'failed', why: 'it was not ready within 1 s' })
  })

  it('is ended with all its processes when it hangs and nobody wants it any more', async () => {
    const { outcome, interrupt } = await launch('hangs', { readyMs: 1_000 })
    setTimeout(interrupt, 300)

    expect(await outcome).toEqual({ kind: 'ended', exitCode: 0 })
  })
})
