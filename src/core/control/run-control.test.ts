import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { TelemetrySample } from '../../shared/child/telemetry.js'
import type { LiveEvent } from '../../shared/live/live-event.js'
import { LiveRun } from '../../shared/live/live-run.js'
import { notebookPreset } from '../../shared/run/presets.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import type { ControlState } from '../../shared/run/run-stage.js'
import { isRunId, runFolder } from '../history/run-folder.js'
import { RunHistory } from '../history/run-history.js'
import { readRunRecord } from '../history/run-record.js'
import { type FakeBehaviour, fakeHost, running } from '../run/fake-host.fixture.js'
import { RunControl } from './run-control.js'
import type { TelemetrySource } from './telemetry-source.js'

let folder: string
let history: RunHistory
const pids: number[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-control-'))
  history = new RunHistory(folder)
})
afterEach(async () => {
  expect(running(pids.splice(0))).toEqual([])
  await rm(folder, { recursive: true })
})

const small: RunConfiguration = {
  ...notebookPreset,
  preset: 'custom',
  dataset: 'synthetic',
  strategies: ['single', 'ddp'],
  batchSizeSingle: 16,
  perGpuBatchSize: 8,
  devices: 'cpu:2',
  backend: 'wasm',
}

function open(behaviour: FakeBehaviour = {}, telemetry: TelemetrySource | null = null) {
  const states: ControlState[] = []
  const events: LiveEvent[] = []
  const { spawn, pids: started, ...trainers } = fakeHost(behaviour)
  const control = new RunControl({
    environment: { PATH: '' },
    resourcesDirectory: fileURLToPath(new URL('../../../resources', import.meta.url)),
    tandemVersion: '0.1.0',
    trainers: {
      ...trainers,
      spawn: (options) => {
        const child = spawn(options)
        if (child.pid !== undefined) pids.push(child.pid)
        return child
      },
    },
    history,
    telemetry,
    onState: (state) => states.push(state),
    onLiveEvent: (event) => events.push(event),
  })
  return { control, states, events, started }
}

/** The page's view of a run, from the events that it was sent. */
function fold(events: readonly LiveEvent[]): LiveRun {
  const [first, ...rest] = events as [LiveEvent, ...LiveEvent[]]
  const run = LiveRun.begin(first)
  if (run === null) throw new Error(`a run begins with run-started, not ${first.type}`)
  for (const event of rest) run.apply(event)
  return run
}

describe('run control', () => {
  it('goes from idle through every measurement to done', async () => {
    const { control, states } = open()
    expect(control.state.stage).toEqual({ kind: 'idle' })

    const { runId, results } = await control.start({ configuration: small })
    expect((await results).status).toBe('complete')

    const kinds = states.map(({ stage }) =>
      stage.kind === 'measuring' ? `${stage.title} ${stage.index}/${stage.count}` : stage.kind,
    )
    expect([...new Set(kinds)]).toEqual(['preparing', 'Single 1/2', 'DDP 2/2', 'finishing', 'done'])
    expect(control.state).toEqual({
      stage: { kind: 'done', runId },
      stopping: false,
      remainingSeconds: null,
    })
  })

  it('keeps the run: a recording that replays to what the page saw, results, logs', async () => {
    const { control, events } = open({ fault: 'flood' })

    const { runId, results } = await control.start({ configuration: { ...small, strategies: ['single'] } })
    const finished = await results

    const replayed = await history.replay(runId)
    expect(replayed.toSnapshot()).toEqual(fold(events).toSnapshot())
    expect(replayed.steps('single')?.group.length).toBe(6)
    expect(replayed.log[0]).toMatchObject({ source: 'Single' })
    expect(await history.results(runId)).toEqual(finished)
    expect(await history.list()).toMatchObject([
      { runId, status: 'complete', measurements: [{ title: 'Single' }, { status: 'skipped' }] },
    ])
    const log = await readFile(join(runFolder(join(folder, runId)).logs, 'single', 'single.log'), 'utf8')
    expect(log).toContain('xxx')
  })

  it('knows the time left once it has measured, and less of it later', async () => {
    const { control, states } = open({ stepDelayMs: 200, stepsPerEpoch: 8 })
    const configuration = { ...small, strategies: ['single' as const], maxStepsPerEpoch: 8 }

    await (await control.start({ configuration })).results

    const told = states.flatMap(({ remainingSeconds }) => remainingSeconds ?? [])
    expect(told[0]).toBeLessThan(60)
    expect(told.at(-1)).toBeLessThan(told[0] as number)
  })

  it('refuses a second run while one is under way', async () => {
    const { control } = open({ stepDelayMs: 20 })
    const first = await control.start({ configuration: small })

    await expect(control.start({ configuration: small })).rejects.toMatchObject({ code: 'run-active' })
    control.stop()
    expect((await first.results).status).toBe('cancelled')
  })

  it('stops in the middle, keeps what was measured, and starts again', async () => {
    const { control, states } = open({ stepDelayMs: 20, stepsPerEpoch: 50 })
    const first = await control.start({
      configuration: small,
      onEvent: (event) => {
        if (event.type === 'steps') control.stop()
      },
    })
    expect((await first.results).status).toBe('cancelled')
    expect(states.some(({ stopping }) => stopping)).toBe(true)
    expect(control.state).toMatchObject({ stage: { kind: 'cancelled', runId: first.runId }, stopping: false })
    expect(await history.summary(first.runId)).toMatchObject({ status: 'cancelled' })

    const second = await control.start({ configuration: small })
    control.stop()
    expect((await second.results).status).toBe('cancelled')
    expect(await history.list()).toHaveLength(2)
  })

  it('counts down before what nobody asked for, and starts nothing where that is cancelled', async () => {
    const { control, states } = open()
    const ranDown = control.countDown('Quick', 2)
    expect(control.state.stage).toEqual({ kind: 'countdown', title: 'Quick', seconds: 2 })
    expect(await ranDown).toBe(true)
    expect(states.map(({ stage }) => (stage.kind === 'countdown' ? stage.seconds : 0))).toEqual([2, 1])

    control.stop()
    const cancelled = control.countDown('Quick', 5)
    control.stop()
    expect(control.state.stage).toEqual({ kind: 'idle' })
    expect(await cancelled).toBe(false)
  })

  it('can be stopped before anything is measured, and leaves no run behind', async () => {
    const { control } = open()
    const starting = control.start({ configuration: small })
    control.stop()

    await expect(starting).rejects.toMatchObject({ code: 'cancelled' })
    expect(control.state.stage).toEqual({ kind: 'cancelled', runId: null })
    expect(await history.list()).toEqual([])
  })

  it('is idle only once the end of a run that had just begun is written down', async () => {
    const { control } = open()
    const starting = control.start({ configuration: small })
    const names = vi.waitFor(
      async () => {
        const found = (await readdir(folder)).filter(isRunId)
        expect(found).toHaveLength(1)
        return found
      },
      { interval: 1, timeout: 20_000 },
    )
    const [runId = ''] = await names
    control.stop()
    await control.idle()

    expect((await readRunRecord(runFolder(join(folder, runId)).summary))?.summary.status).toBe('cancelled')
    await (await starting).results
  })

  it('says what is wrong with a choice, and is free for the next', async () => {
    const { control } = open()

    await expect(control.start({ configuration: { ...small, devices: 'cpu:4096' } })).rejects.toMatchObject({
      code: 'devices-unavailable',
    })
    expect(control.state.stage).toMatchObject({ kind: 'failed', error: { code: 'devices-unavailable' } })
    await (await control.start({ configuration: { ...small, strategies: ['single'] } })).results
    expect(control.state.stage.kind).toBe('done')
  })

  it('ends failed with the cause when a measurement fails', async () => {
    const { control } = open({ fault: 'exit-3', rank: 1 })
    const { runId, results } = await control.start({ configuration: small })
    await results

    expect(control.state.stage).toMatchObject({
      kind: 'failed',
      runId,
      error: { code: 'trainer-exit', message: 'DDP rank 1 failed with exit code 3' },
    })
  })

  it('goes on without a history where there is no place for one, and says so', async () => {
    await writeFile(join(folder, 'file'), '')
    history = new RunHistory(join(folder, 'file'))
    const { control, events } = open()

    const { results } = await control.start({ configuration: { ...small, strategies: ['single'] } })

    expect((await results).status).toBe('complete')
    expect(fold(events).head.warnings).toEqual([
      {
        code: 'not-kept',
        text: expect.stringMatching(/^the history cannot be written: .* is not a folder; /),
      },
    ])
  })

  it('warns when another process is measuring on this machine', async () => {
    const other = open({ stepDelayMs: 20 })
    const first = await other.control.start({ configuration: small })
    await vi.waitFor(async () => expect(await history.list()).toHaveLength(1))

    const { control, events } = open()
    const run = await control.start({ configuration: { ...small, strategies: ['single'] } })
    const { warnings } = await run.results

    expect(warnings).toEqual([{ code: 'other-run', text: expect.stringContaining(first.runId) }])
    expect(fold(events).head.warnings).toEqual(warnings)
    other.control.stop()
    // The first one did not know of the second when it began.
    expect((await first.results).warnings).toEqual([
      { code: 'other-run', text: expect.stringContaining(run.runId) },
    ])
  })

  it('adds what the sampler sees, with the trainers named', async () => {
    const watched: (readonly number[])[] = []
    const listeners = new Set<(sample: TelemetrySample) => void>()
    const telemetry: TelemetrySource = {
      onSample(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      watch: (list) => void watched.push(list),
    }
    const { control, events } = open({ stepDelayMs: 20 }, telemetry)
    const run = await control.start({
      configuration: { ...small, strategies: ['ddp'] },
      onEvent: (event) => {
        if (event.type !== 'steps') return
        for (const listener of listeners) listener(sampleOf(watched.at(-1) ?? []))
      },
    })
    const { measurements } = await run.results

    // Half of core 0 and nothing known of core 1; the two ranks use a core each.
    expect(measurements[0]?.conditions?.cpu).toMatchObject({ cores: 2, othersCores: 0 })
    const names = events.flatMap((event) =>
      event.type === 'telemetry'
        ? event.samples.flatMap(({ trainers }) => trainers.map(({ name }) => name))
        : [],
    )
    expect([...new Set(names)].sort()).toEqual(['DDP rank 0', 'DDP rank 1'])
    expect(watched.at(-1)).toEqual([])
    expect(listeners.size).toBe(0)
  })

  it('begins a recording with the start of the run, whatever the sampler of an earlier one still sees', async () => {
    const telemetry: TelemetrySource = {
      onSample(listener) {
        listener(sampleOf([]))
        return () => {}
      },
      watch: () => {},
    }
    const { control, events } = open({}, telemetry)
    const { runId, results } = await control.start({ configuration: { ...small, strategies: ['single'] } })
    await results

    expect(events[0]?.type).toBe('run-started')
    expect((await history.replay(runId)).toSnapshot()).toEqual(fold(events).toSnapshot())
  })
})

describe('a run whose owner was killed', () => {
  it('is in the history, interrupted, with what was measured up to the last whole line', async () => {
    const { control } = open()
    const { runId, results } = await control.start({ configuration: { ...small, strategies: ['single'] } })
    await results
    const files = runFolder(join(folder, runId))
    const record = JSON.parse(await readFile(files.summary, 'utf8'))
    record.summary.status = 'running'
    record.owner.pid = 2 ** 22 + 1
    await writeFile(files.summary, JSON.stringify(record))
    const unfinished = { ...(await history.results(runId)), status: 'incomplete', finishedAt: null }
    await writeFile(files.results, JSON.stringify(unfinished))
    const lines = (await readFile(files.recording, 'utf8')).trimEnd().split('\n')
    await writeFile(files.recording, `${lines.slice(0, -1).join('\n')}\n`)
    await appendFile(files.recording, '{"atMs":99999,"event":{"type":"wa')

    expect(await history.summary(runId)).toMatchObject({ status: 'interrupted' })
    expect((await history.replay(runId)).steps('single')?.group.length).toBe(6)
    await history.remove(runId)
    expect(await history.list()).toEqual([])
  })
})

function sampleOf(pids: readonly number[]): TelemetrySample {
  return {
    atMs: Date.now(),
    costMs: 1,
    cpu: {
      cores: [0.5, null],
      stealShare: null,
      powerWatts: null,
      temperatureCelsius: null,
      clockMegahertz: null,
    },
    memory: { usedBytes: 1, totalBytes: 2, swapUsedBytes: null },
    gpus: [],
    trainers: pids.map((pid) => ({ pid, coresUsed: 1, memoryBytes: 100 })),
  }
}
