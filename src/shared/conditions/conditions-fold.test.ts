import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type GpuSample, noGpuFigures, type TelemetrySample } from '../child/telemetry.js'
import { runSample } from '../live/live-run.fixture.js'
import { conditionsSchema } from './conditions.js'
import { ConditionsFold, type WatchedMeasurement } from './conditions-fold.js'
import type { SystemCounters } from './system-counters.js'

const watched: WatchedMeasurement = {
  startedAtMs: 1_000,
  pinnedCores: [0],
  runCores: [0, 1],
  gpuIndexes: [],
  trainers: 1,
}
const noCounters = { before: null, after: null }

/** What a fold makes of samples at a quarter of a second each, up to the last of them. */
function fold(samples: Partial<TelemetrySample>[], changes: Partial<WatchedMeasurement> = {}) {
  const conditions = new ConditionsFold({ ...watched, ...changes })
  for (const [index, sample] of samples.entries()) {
    const { trainers: _, ...rest } = runSample(1_250 + 250 * index)
    conditions.add({ trainers: [], ...rest, ...sample }, 0.05)
  }
  return conditions.conclude(1_000 + 250 * samples.length, noCounters)
}

function busy(cores: (number | null)[], ours: (number | null)[]): Partial<TelemetrySample> {
  const { cpu } = runSample(0)
  return {
    cpu: { ...cpu, cores },
    trainers: ours.map((coresUsed, rank) => ({ pid: rank + 1, coresUsed, memoryBytes: null })),
  }
}

function gpu(changes: Partial<GpuSample>): Partial<TelemetrySample> {
  return {
    gpus: [{ index: 0, id: 'GPU-0', model: 'H100', state: 'ok', ...noGpuFigures, ...changes }],
    trainers: [{ pid: 1, coresUsed: 1, memoryBytes: null }],
  }
}

describe('what others took of the processor', () => {
  it('is what is busy beyond the trainers, on all cores and on the trainers’ own', () => {
    const { cpu } = fold([busy([1, 0.5], [0.9]), busy([1, 0.3], [0.7])])
    expect(cpu).toMatchObject({
      cores: 2,
      othersCores: expect.closeTo(0.6),
      othersShareOfOwnCores: expect.closeTo(0.2),
      hostCores: expect.closeTo(0.05),
    })
  })

  it('is not cut off at nothing before it is averaged: a clock of hundredths of a second errs both ways', () => {
    expect(fold([busy([0.9, 0], [1]), busy([1, 0], [0.9])]).cpu.othersCores).toBeCloseTo(0)
  })

  it('leaves out samples in which a trainer has just begun, or has ended', () => {
    const others = fold([busy([1, 1], [null]), busy([1, 0], []), busy([1, 0.25], [1])]).cpu.othersCores
    expect(others).toBeCloseTo(0.25)
  })

  it('is not known of own cores where trainers are not pinned', () => {
    const { cpu } = fold([busy([1, 0.5], [1])], { pinnedCores: null })
    expect(cpu).toMatchObject({ othersCores: 0.5, othersShareOfOwnCores: null })
  })

  it('is null without a sample, not 0', () => {
    expect(fold([])).toMatchObject({
      seconds: 0,
      telemetry: { samples: 0, longestGapSeconds: 0 },
      cpu: { othersCores: null, othersShareOfOwnCores: null, stealShare: null, clock: null },
      memory: { swapGrowthBytes: null, stalledShare: null },
    })
  })
})

describe('gaps in telemetry', () => {
  it('count from the first step, between samples, and up to the end', () => {
    const late = new ConditionsFold(watched)
    late.add(runSample(4_000), null)
    expect(late.conclude(5_000, noCounters).telemetry).toEqual({ samples: 1, longestGapSeconds: 3 })
    expect(late.conclude(9_000, noCounters).telemetry).toEqual({ samples: 1, longestGapSeconds: 5 })
  })

  it('do not count what was sampled before', () => {
    const conditions = new ConditionsFold(watched)
    conditions.add(runSample(900), null)
    expect(conditions.conclude(1_100, noCounters).telemetry.samples).toBe(0)
  })
})

describe('memory', () => {
  it('says by how much swap has grown at most', () => {
    const swapped = (swapUsedBytes: number) => ({ memory: { ...runSample(0).memory, swapUsedBytes } })
    expect(fold([100, 400, 50].map(swapped)).memory.swapGrowthBytes).toBe(300)
  })

  it('says how long programs waited for it, and what else the system counted', () => {
    const counters = (changes: Partial<SystemCounters>): SystemCounters => ({
      thermalThrottles: null,
      quotaPeriods: null,
      memoryStalledMs: null,
      ...changes,
    })
    const { cpu, memory } = new ConditionsFold(watched).conclude(3_000, {
      before: counters({
        thermalThrottles: 7,
        memoryStalledMs: 500,
        quotaPeriods: { all: 100, throttled: 20 },
      }),
      after: counters({
        thermalThrottles: 9,
        memoryStalledMs: 1_000,
        quotaPeriods: { all: 120, throttled: 25 },
      }),
    })
    expect(memory.stalledShare).toBe(0.25)
    expect(cpu).toMatchObject({ thermalThrottles: 2, quotaThrottledShare: 0.25 })
  })
})

describe('a GPU', () => {
  const onGpu = { gpuIndexes: [0], pinnedCores: null }

  it('says for what share of the time its clocks were held down, and why', () => {
    const [conditions] = fold(
      [
        gpu({ throttleReasons: ['power limit'], coreClockMegahertz: 1_500 }),
        gpu({ throttleReasons: ['power limit', 'temperature limit'], coreClockMegahertz: 1_200 }),
        gpu({ throttleReasons: [], coreClockMegahertz: 1_800 }),
        gpu({ state: 'lost' }),
      ],
      onGpu,
    ).gpus
    expect(conditions).toEqual({
      index: 0,
      lostShare: 0.25,
      throttled: [
        { reason: 'power limit', share: 2 / 3 },
        { reason: 'temperature limit', share: 1 / 3 },
      ],
      clock: { meanMegahertz: 1_500, leastMegahertz: 1_200 },
      otherProcesses: null,
    })
  })

  it('counts programs on it that are not the trainer', () => {
    const processes = (...pids: number[]) =>
      gpu({ processes: pids.map((pid) => ({ pid, memoryBytes: null })) })
    expect(fold([processes(1), processes(1, 77)], onGpu).gpus[0]?.otherProcesses).toEqual({
      most: 1,
      share: 0.5,
    })
    // As a container sees them: none has a number that is known within it.
    expect(fold([processes(4711), processes(4711)], onGpu).gpus[0]?.otherProcesses).toEqual({
      most: 0,
      share: 0,
    })
    expect(fold([processes()], onGpu).gpus[0]?.otherProcesses).toEqual({ most: 0, share: 0 })
  })
})

it('whatever is sampled, the results can keep it', () => {
  const anyShare = fc.option(fc.double({ min: 0, max: 1, noNaN: true }))
  const anySample = fc.record({
    cores: fc.array(anyShare, { minLength: 1, maxLength: 4 }),
    ours: fc.array(fc.option(fc.double({ min: 0, max: 8, noNaN: true })), { maxLength: 3 }),
    steal: anyShare,
  })
  fc.assert(
    fc.property(fc.array(anySample, { maxLength: 10 }), (samples) => {
      const conditions = fold(
        samples.map(({ cores, ours, steal }) => {
          const sample = busy(cores, ours)
          return { ...sample, cpu: { ...runSample(0).cpu, ...sample.cpu, cores, stealShare: steal } }
        }),
      )
      expect(conditionsSchema.parse(JSON.parse(JSON.stringify(conditions)))).toEqual(conditions)
    }),
  )
})
