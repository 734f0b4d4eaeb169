import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Environment, RunWarning } from '../../shared/conditions/conditions.js'
import { ConditionsFold } from '../../shared/conditions/conditions-fold.js'
import { resultsSchema } from '../../shared/results/results.js'
import type { RunObserver } from './run-observer.js'
import { run } from './run-scenario.fixture.js'

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

describe("TensorFlow's collectives", () => {
  it('start once more with other ports when one was taken', async () => {
    const configuration = { strategies: ['ddp' as const], collective: 'tensorflow' as const }
    const behaviour = { fault: 'address-in-use', rank: 0, faultyStarts: 2 }
    const { results, started } = await run({ configuration, behaviour, backend: 'tensorflow' })
    expect(results.measurements[0]).toMatchObject({ status: 'completed', collective: 'tensorflow' })
    expect(started).toBe(4)
  })
})
