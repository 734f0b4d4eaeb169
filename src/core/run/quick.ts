import { toErrorReport } from '../../shared/errors.js'
import type { Measurement } from '../../shared/results/results.js'
import type { QuickChoice, RunConfiguration } from '../../shared/run/run-configuration.js'
import { autotuneJob } from './autotune-plan.js'
import type { BenchmarkOptions, BenchmarkPorts } from './benchmark-ports.js'
import { fillDevices } from './fill-devices.js'
import { type Pace, paceKey, usualPace } from './pace.js'
import type { PreparedRun } from './prepare-run.js'
import {
  describeQuickPlan,
  type ExpectedCost,
  planQuick,
  type QuickPlan,
  type QuickWish,
} from './quick-plan.js'
import { trainerJobs } from './trainer-jobs.js'
import { trialInput, tryMeasurement } from './trial.js'
import { tune } from './tune.js'

/** What quick chose for a run, before it measures anything. */
export interface ChosenWork {
  chosen: QuickChoice
  measurements: Measurement[]
  /** For people and for the results. */
  note: string
  /** Of everything that is to come. */
  expectedMs: number
}

export type QuickOutcome =
  | { kind: 'chosen'; work: ChosenWork }
  /** The amount is someone's own, nothing is to be measured, or the run was stopped. */
  | { kind: 'as-it-is' }
  /** Keeps every measurement from starting. */
  | { kind: 'failed'; error: NonNullable<Measurement['error']> }

/** Whether quick chooses how much is trained: it does unless someone has. */
export function choosesAmount({
  preset,
  samplesPerEpoch,
  maxStepsPerEpoch,
}: Pick<RunConfiguration, 'preset' | 'samplesPerEpoch' | 'maxStepsPerEpoch'>): boolean {
  return preset === 'quick' && samplesPerEpoch === null && maxStepsPerEpoch === -1
}

/**
 * Quick's choice of work, from how fast each strategy is here: as an earlier run has measured it, else by a trial, in which
 * convolutions are tuned as well. That happens once a machine, and takes none of quick's time.
 */
export async function chooseWork(
  prepared: PreparedRun,
  ports: BenchmarkPorts,
  options: BenchmarkOptions,
): Promise<QuickOutcome> {
  if (!choosesAmount(prepared.configuration)) return { kind: 'as-it-is' }
  if (prepared.measurements.every(({ status }) => status === 'skipped')) return { kind: 'as-it-is' }
  try {
    const filled = await fillDevices(prepared, ports, options)
    const measured = filled.measurements.filter(({ status }) => status !== 'skipped')
    const costs = await findCosts(measured, filled, ports, options)
    if (options.signal.aborted) return { kind: 'as-it-is' }
    return { kind: 'chosen', work: planWork(filled, costs) }
  } catch (thrown) {
    return { kind: 'failed', error: toErrorReport(thrown) }
  }
}

/** What quick makes of these costs, for the run as it is. */
export function quickPlanOf(
  { configuration, dataSize }: Pick<PreparedRun, 'configuration' | 'dataSize'>,
  costs: readonly ExpectedCost[],
): { wish: QuickWish; plan: QuickPlan } {
  const wish = {
    costs,
    epochs: configuration.epochs,
    repeats: configuration.repeats,
    mayReduceRepeats: configuration.quickChooses.includes('repeats'),
    testSamples: configuration.evaluate ? dataSize.testSamples : 0,
  }
  return { wish, plan: planQuick(wish) }
}

function planWork(prepared: PreparedRun, costs: readonly ExpectedCost[]): ChosenWork {
  const { wish, plan } = quickPlanOf(prepared, costs)
  const { configuration, measurements } = prepared
  const { batchSizeSingle, perGpuBatchSize } = configuration
  const { samplesPerEpoch, repeats, expectedMs } = plan
  return {
    chosen: { samplesPerEpoch, repeats, batchSizeSingle, perGpuBatchSize },
    measurements,
    note: describeQuickPlan(plan, wish),
    expectedMs,
  }
}

/** What a trial fails with is left to its measurement, as long as another one has a pace. */
async function findCosts(
  measured: readonly Measurement[],
  prepared: PreparedRun,
  ports: BenchmarkPorts,
  { signal, onEvent }: BenchmarkOptions,
): Promise<ExpectedCost[]> {
  const known = await ports.paces.read()
  const paces = measured.map((planned) => usualPace(known.get(paceKey(planned, prepared)) ?? []))
  const unknown = measured.filter((_, index) => paces[index] === null)
  const costs = measured.flatMap((planned, index): ExpectedCost[] => costOf(planned, paces[index] ?? null))
  let failure: unknown = null
  for (const [index, planned] of unknown.entries()) {
    if (signal.aborted) break
    onEvent({
      type: 'calibration-started',
      title: planned.title,
      index: index + 1,
      count: unknown.length,
      tunes: tunes(planned, prepared),
    })
    try {
      await tuneFor(planned, prepared, ports, { signal, onEvent })
      const trial = await tryMeasurement(planned, prepared, ports, signal)
      if (trial === null) break
      if (!trial.isDisturbed) await ports.paces.add(paceKey(planned, prepared), trial.pace)
      costs.push(...costOf(planned, trial.pace))
    } catch (thrown) {
      failure ??= thrown
    }
  }
  if (costs.length === 0 && failure !== null) throw failure
  return costs
}

/** Timings that are known already cost a process that looks them up. */
async function tuneFor(
  planned: Measurement,
  prepared: PreparedRun,
  { trainers }: BenchmarkPorts,
  { signal, onEvent }: BenchmarkOptions,
): Promise<void> {
  const [job] = trainerJobs(planned, trialInput(planned, prepared), null)
  if (job === undefined) return
  await tune(job, {
    host: trainers,
    signal,
    onProgress: ({ remainingMs }) =>
      onEvent({
        type: 'tuning-progress',
        remainingSeconds: remainingMs === null ? null : remainingMs / 1000,
      }),
  })
}

function costOf({ globalBatchSize }: Measurement, pace: Pace | null): ExpectedCost[] {
  return pace === null ? [] : [{ globalBatchSize, fixedMs: pace.fixedMs, imageMs: pace.imageMs }]
}

function tunes({ backend, devices }: Measurement, { configuration }: PreparedRun): boolean {
  return backend !== null && autotuneJob(configuration, backend, devices) !== null
}
