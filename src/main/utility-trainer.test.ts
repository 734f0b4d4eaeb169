import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type FakeBehaviour, fakeHost, fakeJob } from '../core/run/fake-host.fixture.js'
import type { RunTimeouts } from '../core/run/timeouts.js'
import { TrainerProcess } from '../core/run/trainer-process.js'
import type { FromTrainer } from '../shared/child/trainer-protocol.js'
import type { ErrorReport } from '../shared/errors.js'
import { createFakeElectron, type FakeElectron } from './test-support/fake-electron/index.js'

/*
 * The supervision of trainers that `src/core/run/trainer-process.test.ts` specifies, where trainers are Electron's
 * utility processes.
 */

let spawnUtilityChild: typeof import('./utility-child.js').spawnUtilityChild
let electron: FakeElectron

beforeEach(async () => {
  vi.resetModules()
  electron = createFakeElectron()
  vi.doMock('electron', () => electron.module)
  spawnUtilityChild = (await import('./utility-child.js')).spawnUtilityChild
  await electron.becomeReady()
})
afterEach(() => {
  vi.doUnmock('electron')
  expect(electron.children.filter(({ pid }) => pid !== undefined)).toEqual([])
})

function start(behaviour: FakeBehaviour = {}, timeouts: Partial<RunTimeouts> = {}) {
  const host = fakeHost(behaviour, timeouts)
  const environment = { ...host.environment, FAKE_TRAINER: JSON.stringify(behaviour) }
  const messages: FromTrainer[] = []
  const failures: ErrorReport[] = []
  const trainer = new TrainerProcess(
    fakeJob(),
    { ...host, environment, spawn: spawnUtilityChild },
    {
      onMessage: (message) => messages.push(message),
      onFailure: (error) => failures.push(error),
    },
  )
  const hear = (type: FromTrainer['type']) =>
    vi.waitFor(() => expect(messages.map((message) => message.type)).toContain(type), { timeout: 10_000 })
  return { trainer, messages, failures, hear }
}

describe('a trainer that is a utility process', () => {
  it('does its work and reports in order', async () => {
    const { trainer, messages } = start()

    expect(await trainer.outcome).toEqual({ kind: 'done', peakMemoryBytes: 1000 })
    expect(messages.map(({ type }) => type)).toEqual([
      'ready',
      'warmed-up',
      ...['steps', 'steps', 'steps', 'epoch'],
      ...['steps', 'steps', 'steps', 'epoch'],
      'done',
    ])
  })

  it.each([
    ['throw', 'trainer-exit', /^Single failed with exit code 1$/],
    ['exit-3', 'trainer-exit', /exit code 3/],
    ['exit-0', 'trainer-ended-early', /ended before it was done/],
    ['exit-3-after-done', 'trainer-exit', /exit code 3 after it had finished/],
    ['kill', 'trainer-killed', /killed \(SIGKILL\)/],
    ['abort', 'trainer-aborted', /SIGABRT/],
    ['segfault', 'trainer-crashed', /SIGSEGV/],
    ['malformed', 'trainer-protocol', /malformed message/],
  ])('has failed when it ends otherwise: %s', async (fault, code, message) => {
    const { trainer, failures } = start({ fault })

    expect(await trainer.outcome).toMatchObject({ kind: 'failed', error: { code } })
    expect(failures).toHaveLength(1)
    expect(failures[0]?.message).toMatch(message)
  })

  it.each(['hang', 'spin', 'freeze'])('is ended when it hangs: %s', async (fault) => {
    const { trainer } = start({ fault }, { silenceMs: 1_000 })

    expect(await trainer.outcome).toMatchObject({ kind: 'failed', error: { code: 'trainer-hung' } })
  })

  it('never blocks on its output', async () => {
    const { trainer } = start({ fault: 'flood' })

    expect(await trainer.outcome).toMatchObject({ kind: 'done' })
  })

  it.each(['none', 'ignore-stop', 'spin', 'freeze'])('is gone after a stop: %s', async (fault) => {
    const { trainer, hear, failures } = start({ fault, stepDelayMs: 30 })
    await hear('steps')

    expect(await trainer.stop(200)).toEqual({ kind: 'stopped' })
    expect(failures).toEqual([])
  })

  it('is gone after a stop before it was even started', async () => {
    const { trainer } = start({ fault: 'never-ready' })
    expect(trainer.pid).toBeUndefined()

    expect(await trainer.stop(0)).toEqual({ kind: 'stopped' })
  })
})
