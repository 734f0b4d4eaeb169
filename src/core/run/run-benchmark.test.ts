import { existsSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { toTrainerSchema } from '../../shared/child/trainer-protocol.js'
import type { Environment, RunWarning } from '../../shared/conditions/conditions.js'
import { ConditionsFold } from '../../shared/conditions/conditions-fold.js'
import { type Results, resultsSchema } from '../../shared/results/results.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import type { RunEvent } from '../../shared/run/run-events.js'
import { type FakeBehaviour, fakeHost, running } from './fake-host.fixture.js'
import { fakeRun } from './fake-run.fixture.js'
import { keptPaces } from './kept-paces.fixture.js'
import type { PaceStore } from './pace-file.js'
import { runBenchmark } from './run-benchmark.js'
import type { RunObserver } from './run-observer.js'
import { RunWarnings } from './run-warnings.js'

const pids: number[] = []

afterEach(() => {
  expect(running(pids.splice(0))).toEqual([])
})

interface Scenario {
  configuration?: Partial<RunConfiguration>
  backend?: 'tensorflow' | 'wasm'
  behaviour?: FakeBehaviour
  abortOn?: RunEvent['type']
  save?: (results: Results) => Promise<void>
  observer?: RunObserver
  paces?: PaceStore
  warnings?: RunWarning[]
}

async function run(scenario: Scenario = {}) {
  const host = fakeHost(scenario.behaviour)
  const events: RunEvent[] = []
  const saved: Results[] = []
  const controller = new AbortController()
  const collectivePaths: string[] = []
  const trainers: typeof host = {
    ...host,
    spawn: (options) => {
      const child = host.spawn(options)
      return {
        ...child,
        send: (sent) => {
          const message = toTrainerSchema.parse(sent)
          if (message.type === 'start' && message.job.collective?.kind === 'shared-memory') {
            collectivePaths.push(message.job.collective.path)
          }
          child.send(sent)
        },
      }
    },
  }
  const results = await runBenchmark(
    fakeRun(scenario.configuration, scenario.backend),
    {
      trainers,
      saveResults: async (document) => {
        saved.push(structuredClone(document))
        await scenario.save?.(document)
      },
      observer: scenario.observer ?? null,
      warnings: new RunWarnings(scenario.warnings),
      paces: scenario.paces ?? keptPaces(),
    },
    {
      signal: controller.signal,
      onEvent: (event) => {
        events.push(event)
        if (event.type === scenario.abortOn) controller.abort()
      },
    },
  )
  pids.push(...host.pids)
  return { results, events, saved, started: host.pids.length, collectivePaths }
}

describe('what a run is watched for', () => {
  const conditions = new ConditionsFold({
    startedAtMs: 0,
    pinnedCores: null,
    runCores: null,
    gpuIndexes: [],
    trainers: 1,
  }).conclude(1_000, { before: null, after: null })
  const environment: Environment = {
    frequencyScaling: null,
    powerProfile: 'balanced',
    onBattery: false,
    memory: { totalBytes: 2, availableBytes: 1, stalledShare: null },
    cpuQuotaCores: null,
    sharedPhysicalCores: null,
    gpuProblems: [],
  }
  const observer: RunObserver = {
    environment: async () => environment,
    follow() {},
    conditions: () => ({ ...conditions, seconds: 0.5 }),
    conclude: async () => conditions,
  }

  it('is in its results and its events, from the first epoch on', async () => {
    const { results, events, saved } = await run({ configuration: { strategies: ['single'] }, observer })

    expect(events[0]).toMatchObject({ type: 'run-started', environment })
    expect(results.environment).toEqual(environment)
    expect(results.measurements[0]?.conditions).toEqual(conditions)
    const soFar = events.flatMap((event) =>
      event.type === 'measurement-updated' ? (event.measurement.conditions?.seconds ?? null) : [],
    )
    expect(soFar).toEqual([0.5, 0.5])
    for (const document of saved) expect(resultsSchema.parse(document)).toEqual(document)
  })

  it('and warned of is too, once each', async () => {
    const warning: RunWarning = { code: 'engine-install', text: 'TensorFlow is being installed' }
    const { results, events } = await run({
      configuration: { strategies: ['single'] },
      warnings: [warning, warning],
    })
    expect(results.warnings).toEqual([warning])
    expect(events.filter(({ type }) => type === 'warning')).toEqual([{ type: 'warning', ...warning }])
    expect(events.map(({ type }) => type).indexOf('warning')).toBe(1)
  })
})

describe('the loss of the first step', () => {
  it('is that of all ranks, weighted by their images', async () => {
    const { results } = await run({ configuration: { strategies: ['ddp'] } })
    const [ddp] = results.measurements
    const first = ddp?.ranks.map(({ steps }) => steps[0]?.loss ?? 0) ?? []
    expect(first).toHaveLength(2)
    expect(ddp?.firstStepLoss).toBeCloseTo((first[0] as number) / 2 + (first[1] as number) / 2)
  })
})

describe('a run with repeats', () => {
  const started = (events: readonly RunEvent[]): string[] =>
    events.flatMap((event) =>
      event.type === 'measurement-started' ? `${event.measurement.block} ${event.measurement.id}` : [],
    )

  it('measures every strategy once a block, in an order by chance that its seed decides', async () => {
    const configuration = { repeats: 4, epochs: 1, strategies: ['single' as const, 'dp' as const] }
    const first = await run({ configuration })
    const again = await run({ configuration })

    const order = started(first.events)
    expect(order).toEqual(started(again.events))
    for (let block = 0; block < 4; block++) {
      const ofBlock = order.filter((entry) => entry.startsWith(`${block} `)).sort()
      // What is skipped is said once.
      expect(ofBlock).toEqual(
        [`${block} dp`, `${block} single`, ...(block === 0 ? ['0 single-all-cores'] : [])].sort(),
      )
    }
    expect(first.started).toBe(8)
    expect(first.results.status).toBe('complete')
    expect(first.results.measurements.map(({ epochs }) => epochs.length)).not.toContain(2)
    expect(first.results.measurements.filter(({ id }) => id === 'dp').map(({ block }) => block)).toEqual([
      0, 1, 2, 3,
    ])
  })

  it('ends before, and says why, once every interval is narrow', async () => {
    // The fake trainer always takes the same time.
    const configuration = {
      repeats: 10,
      untilNarrow: true,
      epochs: 1,
      strategies: ['single' as const, 'dp' as const],
    }
    const { results, events } = await run({ configuration })

    expect(Math.max(...results.measurements.map(({ block }) => block))).toBe(2)
    expect(results.notes.at(-1)).toBe('after 3 blocks: done, the widest interval is ±0 %')
    expect(events.map(({ type }) => type)).toContain('note')
  })

  it('goes on after a repeat that failed', async () => {
    const { results } = await run({
      configuration: { repeats: 2, epochs: 1, strategies: ['single'] },
      behaviour: { fault: 'exit-3', faultyStarts: 1 },
    })
    expect(results.measurements.filter(({ id }) => id === 'single').map(({ status }) => status)).toEqual([
      'failed',
      'completed',
    ])
    expect(results.status).toBe('failed')
  })
})

describe('a run of three strategies', () => {
  it('measures each in fresh processes and sums up', async () => {
    const { results, started } = await run()
    expect(started).toBe(1 + 1 + 2)
    expect(results.status).toBe('complete')
    expect(results.measurements.map(({ id, status }) => [id, status])).toEqual([
      ['single', 'completed'],
      ['single-all-cores', 'skipped'],
      ['dp', 'completed'],
      ['ddp', 'completed'],
    ])
    const [single, , , ddp] = results.measurements
    expect(single).toMatchObject({
      epochTimes: [0.5, 0.5],
      imagesPerSecond: 96,
      speedup: null,
      backend: 'wasm',
    })
    // The group is as slow as its slowest rank, whose epoch took 1.5 s.
    expect(ddp).toMatchObject({ epochTimes: [1.5, 1.5], imagesPerSecond: 32, peakMemoryBytes: 2000 })
    expect(ddp?.speedup).toBeCloseTo(1 / 3)
    expect(ddp?.efficiency).toBeCloseTo(1 / 6)
    expect(ddp?.ranks.map(({ rank, steps }) => [rank, steps.length])).toEqual([
      [0, 6],
      [1, 6],
    ])
    expect(resultsSchema.parse(results)).toEqual(results)
  })

  it('tells each measurement from its start to its end', async () => {
    const { events, results } = await run({ configuration: { strategies: ['single', 'ddp'] } })
    const story = events.filter(({ type }) => type !== 'steps').map(({ type }) => type)
    const epochs = ['epoch', 'measurement-updated', 'epoch', 'measurement-updated']
    expect(story).toEqual([
      'run-started',
      'costs-expected',
      'note',
      ...['measurement-started', 'trainer-ready', 'warmed-up', ...epochs, 'measurement-finished'],
      ...['measurement-started', 'measurement-finished'],
      'measurement-started',
      ...story.slice(14, 18),
      ...[...epochs, 'measurement-finished'],
      'run-finished',
    ])
    expect(story.slice(14, 18).sort()).toEqual(['trainer-ready', 'trainer-ready', 'warmed-up', 'warmed-up'])
    expect(events.at(-1)).toEqual({ type: 'run-finished', results })
  })

  it('saves at the start and after every epoch, marked incomplete until the end', async () => {
    const { saved } = await run({ configuration: { strategies: ['single'] }, behaviour: { stepDelayMs: 20 } })
    expect(saved.map(({ status }) => status).slice(0, -1)).not.toContain('complete')
    expect(saved[0]).toMatchObject({ status: 'incomplete', finishedAt: null })
    expect(saved[1]).toMatchObject({
      status: 'incomplete',
      finishedAt: null,
      measurements: [{ id: 'single', status: 'running', epochTimes: [0.5] }],
    })
    expect(saved.at(-1)).toMatchObject({ status: 'complete', finishedAt: expect.any(String) })
    for (const document of saved) expect(resultsSchema.parse(document)).toEqual(document)
  })

  it('goes on when a strategy fails, and keeps what it had measured', async () => {
    const { results } = await run({ behaviour: { fault: 'exit-3-in-second-epoch', rank: 1, stepDelayMs: 5 } })
    expect(results.status).toBe('failed')
    expect(results.measurements.map(({ status }) => status)).toEqual([
      'completed',
      'skipped',
      'completed',
      'failed',
    ])
    expect(results.measurements[3]?.error).toMatchObject({ code: 'trainer-exit', rank: 1 })
    expect(results.measurements[3]?.epochTimes).toEqual([1.5])
  })

  it('fails DDP when its ranks hold different weights', async () => {
    const { results } = await run({
      configuration: { strategies: ['ddp'] },
      behaviour: { fault: 'diverge', rank: 1 },
    })
    expect(results.measurements[0]).toMatchObject({
      status: 'failed',
      error: { code: 'ranks-diverged', rank: 1 },
      epochs: [],
    })
  })

  it('keeps what was measured when it is stopped, marked cancelled', async () => {
    const { results, started } = await run({ abortOn: 'epoch', behaviour: { stepDelayMs: 20 } })
    expect(results.status).toBe('cancelled')
    expect(results.measurements.map(({ status }) => status)).toEqual([
      'cancelled',
      'skipped',
      'cancelled',
      'cancelled',
    ])
    expect(results.measurements[0]?.epochTimes).toEqual([0.5])
    expect(started).toBe(1)
  })

  it('warns when results cannot be saved, and goes on', async () => {
    const save = async () => {
      throw new Error('the disk is full')
    }
    const { results, events } = await run({ configuration: { strategies: ['single'] }, save })
    expect(results.status).toBe('complete')
    const warning = { code: 'not-kept', text: 'the results were not saved: the disk is full' }
    expect(events).toContainEqual({ type: 'warning', ...warning })
    expect(results.warnings).toEqual([warning])
  })

  it.runIf(process.platform === 'linux')('leaves no file of the shared memory behind', async () => {
    for (const fault of ['none', 'kill']) {
      const { collectivePaths } = await run({ configuration: { strategies: ['ddp'] }, behaviour: { fault } })
      expect(collectivePaths).toHaveLength(2)
      expect(new Set(collectivePaths).size).toBe(1)
      expect(existsSync(collectivePaths[0] as string)).toBe(false)
    }
  })
})

describe('the quick preset', () => {
  const quick = { preset: 'quick' as const, repeats: 3, quickChooses: ['repeats' as const] }

  it('tries every strategy once a machine, then gives all the same number of samples in three blocks', async () => {
    const paces = keptPaces()
    const first = await run({ configuration: quick, paces })
    const tried = (events: readonly RunEvent[]) =>
      events.flatMap((event) => (event.type === 'calibration-started' ? event.title : []))
    expect(tried(first.events)).toEqual(['Single', 'DP', 'DDP'])
    // Each is tuned by one process, then tried by all of its own.
    expect(first.started).toBe(3 + 4 + 3 * 4)
    const { samplesPerEpoch, repeats } = first.results.configuration
    expect(repeats).toBe(3)
    expect(first.results.notes.at(-1)).toMatch(/^quick: takes about \d.* here; 3 blocks of 3 measurements, /)
    const images = first.results.measurements.flatMap(({ epochs }) => epochs.map((epoch) => epoch.images))
    expect(images).toEqual(Array(18).fill(samplesPerEpoch))
    const chosen = first.events.find(({ type }) => type === 'calibration-finished')
    expect(chosen).toMatchObject({ chosen: { samplesPerEpoch, repeats: 3, batchSizeSingle: 16 } })

    const second = await run({ configuration: quick, paces })
    expect(tried(second.events)).toEqual([])
    expect(second.started).toBe(3 * 4)
  })

  it('measures one block where three would take over two minutes, and says so before', async () => {
    const slow: PaceStore = {
      read: async () => ({ get: () => [{ from: 'trial', fixedMs: 20_000, imageMs: 1 }] }) as never,
      add: async () => {},
    }
    const { results, events } = await run({ configuration: quick, paces: slow })
    expect(results.configuration.repeats).toBe(1)
    expect(new Set(results.measurements.map(({ block }) => block))).toEqual(new Set([0]))
    const kinds = events.map(({ type }) => type)
    expect(kinds.indexOf('calibration-finished')).toBeLessThan(kinds.indexOf('measurement-started'))
    expect(results.notes.at(-1)).toMatch(/one repeat: no interval \(more would take 3 min/)

    const wanted = await run({ configuration: { ...quick, repeats: 2, quickChooses: [] }, paces: slow })
    expect(wanted.results.configuration.repeats).toBe(2)
  })

  it('fails every measurement with the reason when all trials do', async () => {
    const { results, started } = await run({
      configuration: { ...quick, repeats: 1 },
      behaviour: { fault: 'kill' },
    })
    expect(started).toBe(3)
    expect(results.status).toBe('failed')
    expect(results.measurements.map(({ status, error }) => [status, error?.code])).toEqual([
      ['failed', 'trainer-killed'],
      ['skipped', undefined],
      ['failed', 'trainer-killed'],
      ['failed', 'trainer-killed'],
    ])
  })

  it.each([{ samplesPerEpoch: 64 }, { maxStepsPerEpoch: 5 }])(
    'takes an amount that was given as it is: %j',
    async (amount) => {
      const { results, started, events } = await run({
        configuration: { ...quick, ...amount, repeats: 1, strategies: ['single'] },
      })
      expect(started).toBe(1)
      expect(results.configuration).toMatchObject(amount)
      expect(events.map(({ type }) => type)).not.toContain('calibration-finished')
    },
  )
})

describe('measurements that were disturbed', () => {
  const quiet = new ConditionsFold({
    startedAtMs: 0,
    pinnedCores: [0],
    runCores: [0, 1],
    gpuIndexes: [],
    trainers: 1,
  }).conclude(1_000, { before: null, after: null })
  const loaded = { ...quiet, cpu: { ...quiet.cpu, othersShareOfOwnCores: 0.48 } }

  /** Measurements meet these, in the order in which they are taken; then the machine is quiet. */
  const meeting = (...met: (typeof quiet)[]): RunObserver => ({
    environment: async () => null,
    follow() {},
    conditions: () => quiet,
    conclude: async () => met.shift() ?? quiet,
  })
  const twoStrategies = { strategies: ['single' as const, 'ddp' as const], epochs: 1 }
  const takes = (events: readonly RunEvent[]) =>
    events.flatMap((event) =>
      event.type === 'measurement-started' && event.measurement.status === 'running'
        ? event.measurement.id
        : [],
    )

  it('are measured again at the end, and what was put aside is kept with its reason', async () => {
    const { results, events } = await run({ configuration: twoStrategies, observer: meeting(loaded) })

    expect(takes(events)).toEqual(['single', 'ddp', 'single'])
    const single = results.measurements.find(({ id }) => id === 'single')
    expect(single).toMatchObject({
      status: 'completed',
      conditions: quiet,
      putAside: [{ reason: 'other programs took 48.0 % of the measured cores', conditions: loaded }],
    })
    expect(single?.putAside?.[0]?.epochs).toHaveLength(1)
    expect(results.notes.at(-1)).toMatch(
      /^Measured again, since they were disturbed: Single in block 1 \(other programs took 48\.0 % of the measured cores\)\. This takes about \d+ s more$/,
    )
    expect(results.measurements.find(({ id }) => id === 'ddp')?.putAside).toBeUndefined()
    expect(resultsSchema.parse(results)).toEqual(results)
  })

  it('are repeated twice at most', async () => {
    // Taken: single, single on all cores (skipped), ddp; then single twice more.
    const { results, events } = await run({
      configuration: twoStrategies,
      observer: meeting(loaded, quiet, quiet, loaded, loaded),
    })
    expect(takes(events)).toEqual(['single', 'ddp', 'single', 'single'])
    expect(results.measurements.find(({ id }) => id === 'single')?.putAside).toHaveLength(2)
  })

  it('stay as they are where measuring them again fails', async () => {
    const { results } = await run({
      configuration: { ...twoStrategies, strategies: ['single'] },
      observer: meeting(loaded),
      behaviour: { fault: 'exit-3', healthyStarts: 1 },
    })
    const single = results.measurements.find(({ id }) => id === 'single')
    expect(single).toMatchObject({ status: 'completed', error: null, conditions: loaded })
    expect(single?.epochs).toHaveLength(1)
  })

  it('are left where the disturbance lasts', async () => {
    const { results, events } = await run({
      configuration: { ...twoStrategies, repeats: 3 },
      observer: meeting(...Array<typeof quiet>(30).fill(loaded)),
    })
    expect(takes(events)).toHaveLength(6 + 2)
    expect(results.notes.at(-1)).toMatch(/^What disturbs the measurements lasts/)
  })

  it('are never found by their figures', async () => {
    // The fake trainer's rank 1 takes three times as long; nothing that was counted says why.
    const { events } = await run({ configuration: twoStrategies, observer: meeting() })
    expect(takes(events)).toEqual(['single', 'ddp'])
  })
})

describe("TensorFlow's collectives", () => {
  it('start once more with other ports when one was taken', async () => {
    const configuration = { strategies: ['ddp' as const], collective: 'tensorflow' as const }
    const behaviour = { fault: 'address-in-use', rank: 0, faultyStarts: 2 }
    const { results, started } = await run({ configuration, behaviour, backend: 'tensorflow' })
    expect(results.measurements[0]).toMatchObject({ status: 'completed', collective: 'tensorflow' })
    expect(started).toBe(4)
  })
})
