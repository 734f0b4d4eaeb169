import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { FromTrainer } from '../../shared/child/trainer-protocol.js'
import type { ErrorReport } from '../../shared/errors.js'
import { type FakeBehaviour, fakeHost, fakeJob, running } from './fake-host.fixture.js'
import type { RunTimeouts } from './timeouts.js'
import { TrainerProcess } from './trainer-process.js'

const pids: number[] = []

afterEach(() => {
  expect(running(pids.splice(0))).toEqual([])
})

function start(behaviour: FakeBehaviour = {}, timeouts: Partial<RunTimeouts> = {}, folder?: string) {
  const host = {
    ...fakeHost(behaviour, timeouts),
    logDirectory: folder === undefined ? null : join(folder, 'logs'),
  }
  const messages: FromTrainer[] = []
  const failures: ErrorReport[] = []
  const heard = new Map<string, () => void>()
  const trainer = new TrainerProcess(fakeJob(), host, {
    onMessage: (message) => {
      messages.push(message)
      heard.get(message.type)?.()
    },
    onFailure: (error) => failures.push(error),
  })
  pids.push(...host.pids)
  const hear = (type: FromTrainer['type']): Promise<void> =>
    new Promise((resolve) => {
      if (messages.some((message) => message.type === type)) resolve()
      else heard.set(type, resolve)
    })
  return { trainer, messages, failures, hear }
}

describe('a trainer that does its work', () => {
  it('goes from starting to exited and reports in order', async () => {
    const { trainer, messages, failures } = start()
    expect(trainer.state).toBe('starting')
    expect(await trainer.outcome).toEqual({ kind: 'done', peakMemoryBytes: 1000 })
    expect(trainer.state).toBe('exited')
    expect(failures).toEqual([])
    expect(messages.map((message) => message.type)).toEqual([
      'ready',
      'warmed-up',
      ...['steps', 'steps', 'steps', 'epoch'],
      ...['steps', 'steps', 'steps', 'epoch'],
      'done',
    ])
  })

  it('is training between warm-up and its end', async () => {
    const { trainer, hear } = start()
    await hear('warmed-up')
    expect(trainer.state).toBe('training')
    await trainer.outcome
  })

  it('never blocks on its output, however much that is', async () => {
    const { trainer } = start({ fault: 'flood' })
    expect(await trainer.outcome).toMatchObject({ kind: 'done' })
  })
})

describe('a trainer that ends otherwise has failed, with the reason', () => {
  it.each([
    ['throw', 'trainer-exit', /^Single failed with exit code 1$/, /Error: the fake trainer threw/],
    ['reject', 'trainer-exit', /^Single failed with exit code 1$/, /Error: the fake trainer rejected/],
    ['report', 'out-of-memory', /^no memory for a tensor$/, /^Smaller\.$/],
    ['exit-3', 'trainer-exit', /exit code 3/, /printed nothing/],
    ['exit-0', 'trainer-ended-early', /ended before it was done/, /printed nothing/],
    ['exit-3-after-done', 'trainer-exit', /exit code 3 after it had finished/, /printed nothing/],
    [
      'kill',
      'trainer-killed',
      /killed \(SIGKILL\), perhaps because the machine ran out of memory/,
      /smaller batch/,
    ],
    ['abort', 'trainer-aborted', /aborted itself \(SIGABRT\)/, /./],
    ['segfault', 'trainer-crashed', /crashed in native code \(SIGSEGV\)/, /--backend wasm/],
    ['malformed', 'trainer-protocol', /malformed message \("epoch" at epoch\.epoch: /, /defect/],
    ['nan', 'loss-not-finite', /diverged/, /--lr/],
  ])('%s: %s', async (fault, code, message, hint) => {
    const { trainer, failures } = start({ fault })
    const outcome = await trainer.outcome
    expect(outcome).toMatchObject({ kind: 'failed', error: { code } })
    expect(failures).toHaveLength(1)
    expect(failures[0]?.message).toMatch(message)
    expect(failures[0]?.hint).toMatch(hint)
    expect(trainer.state).toBe('crashed')
  })

  it.each(['hang', 'spin', 'freeze'])(
    '%s: counts as hung after a long silence, and is ended',
    async (fault) => {
      const { trainer, failures } = start({ fault }, { silenceMs: 1_000 })
      expect(await trainer.outcome).toMatchObject({ kind: 'failed', error: { code: 'trainer-hung' } })
      expect(failures[0]?.message).toMatch(/^Single said nothing for \d+ s/)
    },
  )

  it('says so when the program does not exist', async () => {
    const host = { ...fakeHost(), entry: join(tmpdir(), 'no-such-trainer.mjs') }
    const trainer = new TrainerProcess(fakeJob(), host, { onMessage: () => {}, onFailure: () => {} })
    pids.push(...host.pids)
    const outcome = await trainer.outcome
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'trainer-exit' } })
    expect(outcome.kind === 'failed' && outcome.error.hint).toMatch(/Cannot find module.*no-such-trainer/)
  })
})

describe('stopping', () => {
  it('is obeyed by message', async () => {
    const { trainer, hear, messages } = start({ stepDelayMs: 50 })
    await hear('steps')
    expect(await trainer.stop()).toEqual({ kind: 'stopped' })
    expect(messages.at(-1)).toEqual({ type: 'stopped' })
    expect(trainer.state).toBe('exited')
  })

  it.each(['ignore-stop', 'spin', 'freeze'])('ends a trainer that cannot obey: %s', async (fault) => {
    const { trainer, hear, failures } = start({ fault })
    await hear('steps')
    expect(await trainer.stop(100)).toEqual({ kind: 'stopped' })
    expect(failures).toEqual([])
  })

  it('works before the trainer is ready, and twice', async () => {
    const { trainer } = start({ fault: 'never-ready' })
    expect(await Promise.all([trainer.stop(), trainer.stop()])).toEqual([
      { kind: 'stopped' },
      { kind: 'stopped' },
    ])
  })

  it('leaves a finished trainer finished', async () => {
    const { trainer } = start()
    await trainer.outcome
    expect(await trainer.stop()).toMatchObject({ kind: 'done' })
  })
})

describe('what a trainer prints', () => {
  it('is kept in a file that the error names, bounded', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tandem-log-'))
    try {
      const { trainer } = start({ fault: 'throw' }, {}, folder)
      const outcome = await trainer.outcome
      const path = join(folder, 'logs', 'single.log')
      expect(outcome.kind === 'failed' && outcome.error.hint).toContain(path)
      expect(await readFile(path, 'utf8')).toContain('the fake trainer threw')

      const flooded = start({ fault: 'flood', stepsPerEpoch: 6 }, {}, folder)
      await flooded.trainer.outcome
      expect((await stat(path)).size).toBe(10 * 1024 * 1024)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it("does not follow the host's NODE_OPTIONS", async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tandem-log-'))
    try {
      process.env.NODE_OPTIONS = '--no-warnings'
      const { trainer } = start({ fault: 'environment' }, {}, folder)
      await trainer.outcome
      const printed = await readFile(join(folder, 'logs', 'single.log'), 'utf8')
      expect(printed).toContain('NODE_OPTIONS=undefined')
    } finally {
      delete process.env.NODE_OPTIONS
      await rm(folder, { recursive: true })
    }
  })
})
