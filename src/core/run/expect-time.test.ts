import { describe, expect, it } from 'vitest'
import { describeExpectedTime } from '../../shared/expected-time.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import { resolveDevices } from '../devices/resolve.js'
import { expectTime } from './expect-time.js'
import { fakeRun } from './fake-run.fixture.js'
import { planMeasurements } from './measurement-plan.js'
import { type Pace, paceKey } from './pace.js'
import type { PreparedRun } from './prepare-run.js'

const pace = (imageMs: number, fixedMs = 2_000): Pace => ({ from: 'measurement', fixedMs, imageMs })

/** All strategies of the run are known to take so long. */
function pacesOf(run: PreparedRun, imageMs: number): Map<string, Pace[]> {
  return new Map(run.measurements.map((planned) => [paceKey(planned, run), [pace(imageMs)]]))
}

const runOf = (changes: Partial<RunConfiguration> = {}): PreparedRun => fakeRun(changes, 'tensorflow')
const quick = { preset: 'quick', epochs: 2, repeats: 3, quickChooses: ['repeats', 'batch'] } as const
const quickRun = (changes: Partial<RunConfiguration> = {}): PreparedRun =>
  runOf({ ...quick, quickChooses: ['repeats', 'batch'], ...changes })

const say = (run: PreparedRun, known: ReadonlyMap<string, readonly Pace[]>): string | null => {
  const { time } = expectTime(run, known)
  return time === null ? null : describeExpectedTime(time)
}

describe('how long a run takes', () => {
  it('is its blocks by the paces of its strategies', () => {
    const run = runOf({ epochs: 3, repeats: 2 })
    // Four measurements a block, 2,000 images an epoch.
    const seconds = (2 * 4 * (2_000 + 3 * 2_000 * 1.5)) / 1000
    expect(expectTime(run, pacesOf(run, 1.5)).time).toMatchObject({ seconds, repeats: 2, basis: 'measured' })
    expect(say(run, pacesOf(run, 1.5))).toBe('takes about 88 s here')
  })

  it('follows what is chosen: epochs that end early, images an epoch, test accuracy', () => {
    const seconds = (changes: Partial<RunConfiguration>): number => {
      const run = runOf({ epochs: 1, strategies: ['single'], ...changes })
      const known = new Map(run.measurements.map((planned) => [paceKey(planned, run), [pace(1, 0)]]))
      return expectTime(run, known).time?.seconds ?? Number.NaN
    }
    // Single is measured twice, on one core and on all.
    expect(seconds({})).toBeCloseTo(4)
    expect(seconds({ maxStepsPerEpoch: 10 })).toBeCloseTo(0.32)
    expect(seconds({ samplesPerEpoch: 500 })).toBeCloseTo(1)
    expect(seconds({ evaluate: true })).toBeCloseTo(4.4)
  })

  it('is what quick fits its work to', () => {
    const run = quickRun()
    expect(say(run, pacesOf(run, 1.6))).toMatch(/^takes about (5\d|6\d) s here$/)
    expect(say(quickRun({ repeats: 7 }), pacesOf(quickRun({ repeats: 7 }), 1.6))).toBe(
      'takes about 2 min here',
    )
  })

  it('says beforehand that there will be one repeat, and why', () => {
    const run = quickRun()
    expect(say(run, pacesOf(run, 30))).toMatch(
      /^takes about \d+ (s|min) here; one repeat: no interval \(more would take \d+ min\)$/,
    )
  })

  it('is at most that where it ends once intervals are narrow', () => {
    const run = runOf({ repeats: 20, untilNarrow: true })
    expect(say(run, pacesOf(run, 1))).toMatch(/^takes up to \d+ min here$/)
  })

  it('is near where only batches and pictures differ from what was measured', () => {
    const measured = runOf()
    const run = runOf({ batchSizeSingle: 512, perGpuBatchSize: 512, dataset: 'cifar10' })
    expect(say(run, pacesOf(measured, 1))).toMatch(/ here, by what other settings took/)
    const other = runOf({ modelName: 'resnet34' })
    expect(expectTime(other, pacesOf(measured, 1)).time?.basis).toBe('guess')
  })

  it('is a guess by arithmetic where nothing was measured, and said to be one', () => {
    const { time } = expectTime(runOf({ dataset: 'cifar10', epochs: 2, repeats: 3 }), new Map())
    expect(time).toMatchObject({ basis: 'guess', calibratesFirst: false })
    expect(say(quickRun(), new Map())).toMatch(/, at a guess; .*first it finds out, once,/)
  })

  it('is unknown for GPUs that nothing was measured on, but for quick, which has its aim', () => {
    const gpus = [0, 1].map((index) => ({ index, model: 'H100' }))
    const devices = resolveDevices('gpu', { cores: [0, 1], gpus }, { cuda: true })
    const onGpus = (run: PreparedRun): PreparedRun => {
      const plan = (configuration: RunConfiguration) =>
        planMeasurements({ configuration, devices, engines: ['tensorflow'] })
      return { ...run, baseDevice: devices.base, plan, measurements: plan(run.configuration) }
    }
    expect(expectTime(onGpus(runOf()), new Map()).time).toBeNull()
    expect(expectTime(onGpus(quickRun()), new Map()).time).toMatchObject({ seconds: 60, repeats: 3 })
  })

  it('is nothing where nothing can be measured', () => {
    const run = runOf()
    const skipped = run.measurements.map((planned) => ({ ...planned, status: 'skipped' as const }))
    expect(expectTime({ ...run, measurements: skipped }, new Map()).time).toBeNull()
  })
})
