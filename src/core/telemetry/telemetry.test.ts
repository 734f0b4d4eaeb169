import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  type GpuSample,
  lostGpu,
  noGpuFigures,
  type TelemetrySample,
  type TelemetryState,
} from '../../shared/child/telemetry.js'
import { childEnvironment } from '../child/child-program.js'
import { spawnNodeChild } from '../child/node-child.js'
import { running } from '../run/fake-host.fixture.js'
import { Telemetry, type TelemetryOptions } from './telemetry.js'

/** How the fake sampler misbehaves. */
interface FakeSampler {
  fault?: string
  gpus?: GpuSample[]
}

const entry = fileURLToPath(new URL('./fake-sampler.fixture.mjs', import.meta.url))
const patience = { timeout: 30_000, interval: 20 }
const limits = { startMs: 10_000, silenceMs: 2_000, stopMs: 300, firstRestartMs: 20, mostRestartMs: 100 }

const opened: { telemetry: Telemetry; pids: number[] }[] = []
afterEach(async () => {
  for (const { telemetry, pids } of opened.splice(0)) {
    await telemetry.close()
    expect(running(pids)).toEqual([])
  }
})

/** Telemetry over real processes; the last of `samplers` stands for all later ones. */
function open(samplers: FakeSampler[] = [{}], options: Partial<TelemetryOptions> = {}) {
  const pids: number[] = []
  const states: TelemetryState[] = []
  const samples: TelemetrySample[] = []
  const telemetry = new Telemetry({
    entry,
    environment: childEnvironment(process.env),
    spawn: (child) => {
      const settings = samplers[Math.min(pids.length, samplers.length - 1)]
      const environment = { ...child.environment, FAKE_SAMPLER: JSON.stringify(settings) }
      const program = spawnNodeChild({ ...child, environment })
      if (program.pid !== undefined) pids.push(program.pid)
      return program
    },
    intervalMs: 20,
    ...options,
    limits: { ...limits, ...options.limits },
  })
  opened.push({ telemetry, pids })
  telemetry.onState((state) => states.push(state))
  telemetry.onSample((sample) => samples.push(sample))
  const becomes = (state: TelemetryState['state']) =>
    vi.waitFor(() => {
      const found = states.find((candidate) => candidate.state === state)
      if (found === undefined) throw new Error(`never ${state}: ${JSON.stringify(states)}`)
      return found
    }, patience)
  return { telemetry, pids, states, samples, becomes }
}

describe('telemetry', () => {
  it('is starting, then running with the first sample', async () => {
    const { telemetry, states, samples, becomes } = open()
    expect(telemetry.state).toEqual({ state: 'starting', gpuSources: [], problems: [] })
    await becomes('running')
    expect(states).toEqual([{ state: 'running', gpuSources: ['nvml'], problems: ['GPU 7 is not shown.'] }])
    await vi.waitFor(() => expect(samples.length).toBeGreaterThan(2), patience)
  })

  it('watches the trainers that it is told, also after a new start', async () => {
    const { telemetry, samples, pids } = open([{ fault: 'exit' }, {}])
    telemetry.watch([4711, 4712])
    await vi.waitFor(() => {
      expect(pids).toHaveLength(2)
      expect(samples.at(-1)?.trainers.map(({ pid }) => pid)).toEqual([4711, 4712])
    }, patience)
    telemetry.watch([])
    await vi.waitFor(() => expect(samples.at(-1)?.trainers).toEqual([]), patience)
  })

  it('tells nobody who does not listen any more', async () => {
    const { telemetry, samples, becomes } = open()
    const heard: TelemetrySample[] = []
    const unsubscribe = telemetry.onSample((sample) => heard.push(sample))
    await becomes('running')
    unsubscribe()
    const before = heard.length
    const total = samples.length
    await vi.waitFor(() => expect(samples.length).toBeGreaterThan(total + 2), patience)
    expect(heard).toHaveLength(before)
  })
})

describe('a sampler that is lost', () => {
  it.each([
    ['mute', /^The sampler gave no sample for 2 s, as when a device driver hangs\.$/],
    ['freeze', /^The sampler gave no sample for 2 s/],
    ['spin', /^The sampler gave no sample for 2 s/],
    ['exit', /^The sampler ended \(exit code 3\)$/],
    ['throw-at-start', /^The sampler ended \(exit code 1\)\. It printed: .*the fake sampler threw/],
    ['never-ready', /^The sampler gave no sample for 2 s/],
    ['only-malformed', /^The sampler gave no sample for 2 s, but what is not understood \(sample\.atMs: /],
  ])('(%s) is shown as such, ended, and started again', async (fault, reason) => {
    const startMs = ['never-ready', 'only-malformed'].includes(fault) ? 2_000 : limits.startMs
    const { telemetry, pids, states, becomes } = open([{ fault }, {}], { limits: { startMs } })
    expect((await becomes('lost')).problems).toEqual([expect.stringMatching(reason)])

    await vi.waitFor(() => expect(telemetry.state.state).toBe('running'), patience)
    expect(running(pids)).toEqual(pids.slice(-1))
    expect(pids.length).toBeGreaterThan(1)
    expect(states.at(-1)?.problems.at(-1)).toMatch(/^Telemetry has gaps: .* Last reason: The sampler /)
  })

  it('does not lose its GPUs from view, nor their numbers', async () => {
    const gpu = (index: number, id: string): GpuSample => ({
      index,
      id,
      model: 'H100',
      state: 'ok',
      ...noGpuFigures,
    })
    const { samples, pids } = open([
      { fault: 'exit', gpus: [gpu(0, 'GPU-a'), gpu(1, 'GPU-b')] },
      { gpus: [gpu(0, 'GPU-b')] },
    ])
    await vi.waitFor(() => expect(samples.length).toBeGreaterThan(3), patience)
    expect(pids).toHaveLength(2)
    expect(samples[0]?.gpus).toEqual([gpu(0, 'GPU-a'), gpu(1, 'GPU-b')])
    expect(samples.at(-1)?.gpus).toEqual([lostGpu(gpu(0, 'GPU-a')), gpu(1, 'GPU-b')])
  })

  it('does not exist: then the reason is said', async () => {
    const { becomes } = open([{}], { entry: join(tmpdir(), 'no-such-sampler.mjs') })
    expect((await becomes('lost')).problems[0]).toMatch(/Cannot find module.*no-such-sampler/)
  })
})

it('one malformed sample is left out, and that is all', async () => {
  const { states, samples, becomes } = open([{ fault: 'one-malformed' }])
  await becomes('running')
  await vi.waitFor(() => expect(samples.length).toBeGreaterThan(5), patience)
  expect(states.map(({ state }) => state)).toEqual(['running'])
})

it('a host that was busy for longer than a silence may last does not lose its sampler', async () => {
  const { states, samples, becomes } = open()
  await becomes('running')
  const until = performance.now() + 3_000
  while (performance.now() < until);
  const before = samples.length
  await vi.waitFor(() => expect(samples.length).toBeGreaterThan(before + 5), patience)
  expect(states.map(({ state }) => state)).toEqual(['running'])
})

describe('closing', () => {
  it.each(['none', 'ignore-stop', 'never-ready', 'mute', 'freeze'])(
    'leaves nothing behind, and says nothing any more: %s',
    async (fault) => {
      const { telemetry, pids, states, samples } = open([{ fault }])
      if (fault !== 'never-ready') await vi.waitFor(() => expect(samples.length).toBeGreaterThan(2), patience)
      await Promise.all([telemetry.close(), telemetry.close()])
      expect(running(pids)).toEqual([])
      expect(telemetry.state).toEqual({ state: 'stopped', gpuSources: [], problems: [] })
      expect(states.at(-1)?.state).toBe('stopped')
    },
  )

  it('ends the wait for a new start', async () => {
    const { telemetry, pids, becomes } = open([{ fault: 'exit' }], { limits: { firstRestartMs: 1_000 } })
    await becomes('lost')
    await telemetry.close()
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    expect(pids).toHaveLength(1)
  })
})
