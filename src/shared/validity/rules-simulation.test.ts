import { describe, expect, it } from 'vitest'
import type { TelemetrySample } from '../child/telemetry.js'
import { ConditionsFold } from '../conditions/conditions-fold.js'
import { allCores } from '../domain/measurement-ids.js'
import { plannedMeasurement, runSample } from '../live/live-run.fixture.js'
import type { RandomStream } from '../random.js'
import type { MeasurementSummary } from '../results/results.js'
import { planBlocks } from '../statistics/block-plan.js'
import { simulationRandom } from '../statistics/simulated-run.fixture.js'
import { findDisturbance } from './disturbance.js'
import { judgeRun } from './judge-run.js'
import { epochs, quietRun } from './quiet-run.fixture.js'

/**
 * How often the rules are right: runs of three blocks on two cores, as Quick makes them, whose telemetry is simulated with
 * what a sampler that looks four times a second gets wrong. By seed, so shares repeat. The table in decision 019 is from here.
 */

const ids = ['single', 'single-all-cores', 'dp', 'ddp'] as const
type Id = (typeof ids)[number]

const runs = 200
const sampleEveryMs = 250
/** Linux counts processor time in hundredths of a second. */
const tickMs = 10
const trueSeconds: Record<Id, number> = { single: 1.6, 'single-all-cores': 1.15, dp: 1.2, ddp: 1.1 }
const noise: Record<Id, number> = { single: 0.03, 'single-all-cores': 0.05, dp: 0.05, ddp: 0.03 }

/** What happens to one measurement. */
interface Planted {
  /** Cores that another program keeps busy, and on which of them: `own` where the measurement computes, `other` beside it. */
  load?: { cores: number; on: 'own' | 'other' }
  stealShare?: number
  /** A trainer is stopped; or everything is, the sampler too. From when on, as a share of the measurement; how long. */
  stopped?: { at: number; seconds: number; with: 'sampler' | 'trainer' }
  suspendedSeconds?: number
}

function simulateMeasurement(id: Id, block: number, random: RandomStream, planted: Planted = {}) {
  const cores = id === 'single' ? [0] : [0, 1]
  const planned = plannedMeasurement(id, { block })
  // One device with all the cores.
  const devices = planned.devices.map((device) => (id === allCores.id ? { ...device, cores } : device))
  const measurement = { ...planned, devices }
  const taken = planted.load?.on === 'own' ? planted.load.cores / cores.length : 0
  const seconds = (trueSeconds[id] * Math.exp(noise[id] * random.normal())) / (1 - Math.min(0.9, taken))
  const standstillMs = (planted.stopped?.seconds ?? 0) * 1000
  const trainedMs = 2000 * seconds + standstillMs
  const stepMs = (2000 * seconds) / 22

  const fold = new ConditionsFold({
    startedAtMs: 0,
    pinnedCores: cores,
    runCores: [0, 1],
    gpuIndexes: [],
    trainers: measurement.worldSize,
  })
  const stoppedFromMs = (planted.stopped?.at ?? 0) * 2000 * seconds
  const isStoppedAt = (ms: number): boolean => ms >= stoppedFromMs && ms < stoppedFromMs + standstillMs
  const background = 0.001 + 0.03 * random.uniform()
  for (let atMs = sampleEveryMs; atMs < trainedMs; atMs += sampleEveryMs) {
    const isStill = isStoppedAt(atMs)
    if (isStill && planted.stopped?.with === 'sampler') continue
    fold.add(sampleAt(atMs, { measurement, cores, background, planted, isStill, random }), 0.01)
  }
  fold.addSteps(stepsOf(trainedMs, stepMs, stoppedFromMs, standstillMs))
  const conditions = fold.conclude(trainedMs, { before: null, after: null }, planted.suspendedSeconds ?? 0)
  const ofEpoch = epochs(trainedMs / 2000, { images: 704, steps: 11 })
  return {
    ...measurement,
    status: 'completed',
    backend: 'tensorflow',
    firstStepLoss: 2.44,
    epochs: ofEpoch,
    conditions,
  } as const
}

/** Steps of equal length, but for the one that everything stood still in. */
function stepsOf(trainedMs: number, stepMs: number, stillFromMs: number, stillMs: number) {
  const steps: { startedAtMs: number; stepMs: number }[] = []
  for (let at = 0; at < trainedMs - 1; at += steps.at(-1)?.stepMs ?? 0) {
    const holdsIt = stillMs > 0 && at <= stillFromMs && stillFromMs < at + stepMs
    steps.push({ startedAtMs: at, stepMs: holdsIt ? stepMs + stillMs : stepMs })
  }
  return steps
}

function sampleAt(
  atMs: number,
  state: {
    measurement: MeasurementSummary
    cores: readonly number[]
    background: number
    planted: Planted
    isStill: boolean
    random: RandomStream
  },
): TelemetrySample {
  const { measurement, cores, background, planted, isStill, random } = state
  const { load } = planted
  /** A reading is off by up to a tick at each end. */
  const counted = (share: number): number =>
    Math.max(0, share + ((random.uniform() - random.uniform()) * tickMs) / sampleEveryMs)
  const onOwn = (load?.on === 'own' ? load.cores / cores.length : 0) + background
  const busy = [0, 1].map((core) => {
    if (cores.includes(core)) return Math.min(1, counted(isStill ? onOwn : 1))
    return Math.min(1, counted((load?.on === 'other' ? load.cores : 0) + background))
  })
  const used = isStill ? 0 : (cores.length * (1 - onOwn)) / measurement.worldSize
  const trainers = Array.from({ length: measurement.worldSize }, (_, rank) => ({
    pid: rank + 1,
    name: '',
    coresUsed: counted(used),
    memoryBytes: null,
    isStopped: isStill,
  }))
  const { cpu } = runSample(0)
  return runSample(atMs, { trainers, cpu: { ...cpu, cores: busy, stealShare: planted.stealShare ?? 0.002 } })
}

/** A run of three blocks, in one measurement of which something happens. */
function simulateRun(seed: number, victim: { id: Id; block: number } | null, planted: Planted, drift = 0) {
  const random = simulationRandom(seed)
  const order = planBlocks(ids, 3, seed).flatMap((block, index) => block.map((id) => ({ id, block: index })))
  const measurements = order.map(({ id, block }, place) => {
    const isVictim = victim?.id === id && victim.block === block
    const measured = simulateMeasurement(id, block, random, isVictim ? planted : {})
    const slower = 1 + (drift * place) / (order.length - 1)
    return {
      ...measured,
      epochs: measured.epochs.map((epoch) => ({ ...epoch, seconds: epoch.seconds * slower })),
    }
  })
  return { ...quietRun({}, 3), measurements }
}

/** The share of runs of which something is true. */
function share(holds: (seed: number) => boolean): number {
  return Array.from({ length: runs }, (_, seed) => holds(seed)).filter(Boolean).length / runs
}

describe('good runs', () => {
  it('are valid in 95 % of cases and more', () => {
    expect(share((seed) => judgeRun(simulateRun(seed, null, {})).badge === 'valid')).toBeGreaterThanOrEqual(
      0.95,
    )
  })

  it('are never taken for disturbed', () => {
    const disturbed = (seed: number) =>
      simulateRun(seed, null, {}).measurements.some(({ conditions }) => findDisturbance(conditions) !== null)
    expect(share(disturbed)).toBe(0)
  })
})

const disturbances: [what: string, planted: Planted][] = [
  ['a program that takes 60 % of each of its own cores', { load: { cores: 1.2, on: 'own' } }],
  ['a suspended machine', { suspendedSeconds: 5 }],
  [
    'a trainer stopped for 1.5 s before its first step',
    { stopped: { at: 0, seconds: 1.5, with: 'trainer' } },
  ],
  ['a trainer stopped for 1.5 s', { stopped: { at: 0.5, seconds: 1.5, with: 'trainer' } }],
  ['all programs stopped for 2 s, the sampler too', { stopped: { at: 0.5, seconds: 2, with: 'sampler' } }],
  ['all programs stopped for 2 s before the first step', { stopped: { at: 0, seconds: 2, with: 'sampler' } }],
  ['a hypervisor that takes 30 %', { stealShare: 0.3 }],
]

describe('a planted disturbance', () => {
  it.each(disturbances)('is caught in 95 %% of cases and more: %s', (_, planted) => {
    const isCaught = (seed: number): boolean => {
      const victim = { id: ids[seed % ids.length] as Id, block: seed % 3 }
      const ownCores = victim.id === 'single' ? 1 : 2
      const load = planted.load && { ...planted.load, cores: (planted.load.cores / 2) * ownCores }
      const run = simulateRun(seed, victim, { ...planted, ...(load && { load }) })
      const hit = run.measurements.find(({ id, block }) => id === victim.id && block === victim.block)
      return judgeRun(run).badge === 'unreliable' && findDisturbance(hit?.conditions ?? null) !== null
    }
    expect(share(isCaught)).toBeGreaterThanOrEqual(0.95)
  })

  it('is caught beside Single too, where only its neighbours are busy', () => {
    const isCaught = (seed: number): boolean => {
      const victim = { id: 'single', block: seed % 3 } as const
      return judgeRun(simulateRun(seed, victim, { load: { cores: 0.6, on: 'other' } })).badge === 'unreliable'
    }
    expect(share(isCaught)).toBeGreaterThanOrEqual(0.95)
  })
})

describe('a machine that gets 40 % slower during a run, which no counter explains', () => {
  it('is shown in 95 % of cases and more', () => {
    const isShown = (seed: number): boolean =>
      judgeRun(simulateRun(seed, null, {}, 0.4)).findings.some(({ code }) => code === 'drift')
    expect(share(isShown)).toBeGreaterThanOrEqual(0.95)
  })
})
