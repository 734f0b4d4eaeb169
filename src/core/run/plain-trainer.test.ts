import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type BuiltEntry, buildForNode } from '../../child/test-support/build-entry.js'
import type { FromTrainer } from '../../shared/child/trainer-protocol.js'
import { ownerOfTemporary } from '../leftovers/temporary-name.js'
import { fakeHost, running } from './fake-host.fixture.js'
import { plainJob, plainTrainer } from './plain-trainer.fixture.js'
import type { RunTimeouts } from './timeouts.js'
import { TrainerProcess } from './trainer-process.js'

/** Tests with a trainer in plain Python: skipped, with the reason in their title, where there is no Python. */
export function describeWithPython(title: string, define: () => void): void {
  const hasPython = spawnSync('python3', ['--version']).status === 0
  if (!hasPython) describe.skip(`${title} (skipped: no python3 on PATH)`, define)
  else if (process.platform === 'win32') describe.skip(`${title} (skipped: Unix sockets only)`, define)
  else describe(title, define)
}

const pids: number[] = []

afterEach(() => {
  expect(running(pids.splice(0))).toEqual([])
  expect(readdirSync(tmpdir()).filter((name) => ownerOfTemporary(name)?.pid === process.pid)).toEqual([])
})

function start(fault = '', timeouts: Partial<RunTimeouts> = {}) {
  const host = fakeHost({}, timeouts)
  const messages: FromTrainer[] = []
  const heard = new Map<string, () => void>()
  const trainer = new TrainerProcess(plainJob(fault), host, {
    onMessage(message) {
      messages.push(message)
      heard.get(message.type)?.()
    },
    onFailure() {},
  })
  pids.push(...host.pids)
  const hear = (type: FromTrainer['type']) => new Promise<void>((resolve) => heard.set(type, resolve))
  return { trainer, messages, hear }
}

describeWithPython('a trainer in plain Python, written from the guide', () => {
  it('is run, heard in order, and ends', async () => {
    const { trainer, messages } = start()
    expect(await trainer.outcome).toEqual({ kind: 'done', peakMemoryBytes: 1_000_000 })
    const epoch = [...Array.from({ length: 4 }, () => 'steps'), 'epoch']
    expect(messages.map(({ type }) => type)).toEqual(['ready', 'warmed-up', ...epoch, ...epoch, 'done'])
  })

  it('is known by the process that it says it is', async () => {
    const { trainer, hear } = start('ignores-stop')
    await hear('ready')
    expect(running([trainer.pid as number])).toEqual([trainer.pid])
    await trainer.stop(0)
  })

  it('stops when it is asked to', async () => {
    const { trainer, hear } = start('prints-100-megabytes')
    await hear('warmed-up')
    expect(await trainer.stop(20_000)).toEqual({ kind: 'stopped' })
  })

  it('is killed when it ignores that, and SIGTERM too', async () => {
    const { trainer, hear } = start('ignores-stop')
    await hear('ready')
    expect(await trainer.stop(100)).toEqual({ kind: 'stopped' })
  })

  it('may print 100 MB', async () => {
    const { trainer } = start('prints-100-megabytes')
    expect(await trainer.outcome).toMatchObject({ kind: 'done' })
  })

  it.each([
    ['raise', 'trainer-exit', /exit code 1/],
    ['exit-early', 'trainer-ended-early', /before it was done/],
    ['killed', 'trainer-killed', /SIGKILL/],
    ['not-json', 'trainer-protocol', /sent a line that is not JSON: "loss: 2.3"/],
    ['long-line', 'trainer-protocol', /sent a line longer than 1/],
    ['flood', 'trainer-protocol', /sent more than 10000 messages/],
    ['unknown-message', 'trainer-protocol', /malformed message \("surprise"/],
    ['diverged', 'loss-not-finite', /no longer a number/],
  ])('that is in fault (%s) ends with one error: %s', async (fault, code, message) => {
    const { trainer } = start(fault)
    const error = { code, message: expect.stringMatching(message) }
    expect(await trainer.outcome).toMatchObject({ kind: 'failed', error })
  })

  it('that hangs, or never connects, is found out by its silence', async () => {
    for (const fault of ['hang', 'never-connects']) {
      const { trainer } = start(fault, { silenceMs: 1_500 })
      expect(await trainer.outcome).toMatchObject({ kind: 'failed', error: { code: 'trainer-hung' } })
    }
  })

  it('that cuts the conversation off and stays is ended', async () => {
    const { trainer } = start('disconnects', { exitMs: 200 })
    expect(await trainer.outcome).toMatchObject({ kind: 'failed' })
  })

  it('is not let in with another token, or as another rank', async () => {
    for (const fault of ['wrong-token', 'wrong-rank']) {
      const { trainer, messages } = start(fault)
      expect(await trainer.outcome).toMatchObject({ kind: 'failed', error: { code: 'trainer-killed' } })
      expect(messages).toEqual([])
    }
  })
})

describeWithPython('a trainer whose host or launcher is killed with -9', () => {
  let doomedHost: BuiltEntry

  beforeAll(async () => {
    doomedHost = await buildForNode('core/run/doomed-host.fixture.ts')
  })
  afterAll(() => doomedHost.dispose())

  it.each([
    ['its host', 'ignores-stop', 'host'],
    ['its host, behind a launcher that put it in a session of its own', 'launcher', 'host'],
    ['that launcher', 'launcher', 'started'],
  ] as const)('ends itself: %s', async (_, fault, victim) => {
    const host = spawn(process.execPath, [doomedHost.path, fault, plainTrainer], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(host.stdout, 'data')
    const { started, rank } = JSON.parse(String(line)) as { started: number; rank: number }
    pids.push(started, rank)
    try {
      expect(running([rank])).toEqual([rank])
      process.kill(victim === 'host' ? (host.pid as number) : started, 'SIGKILL')
      await vi.waitFor(() => expect(running([rank])).toEqual([]), { timeout: 20_000, interval: 50 })
    } finally {
      host.kill('SIGKILL')
      // A launcher whose rank has just ended may end before it is killed.
      for (const pid of running([started])) endIfThere(pid)
      await vi.waitFor(() => expect(running([started, rank])).toEqual([]), { timeout: 20_000, interval: 50 })
    }
  })
})

function endIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
