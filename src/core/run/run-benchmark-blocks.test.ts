import { describe, expect, it } from 'vitest'
import { ConditionsFold } from '../../shared/conditions/conditions-fold.js'
import { resultsSchema } from '../../shared/results/results.js'
import type { RunEvent } from '../../shared/run/run-events.js'
import { keptPaces } from './kept-paces.fixture.js'
import type { PaceStore } from './pace-file.js'
import type { RunObserver } from './run-observer.js'
import { run } from './run-scenario.fixture.js'

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
