import { performance } from 'node:perf_hooks'
import { baseStrategy } from '../../shared/domain/strategies.js'
import { toErrorReport } from '../../shared/errors.js'
import type { Measurement, Results } from '../../shared/results.js'
import type { RunEvent } from '../../shared/run-events.js'
import { orderOfBlock, whyEnough } from './blocks.js'
import { calibrate } from './calibrate.js'
import { sweepCollectiveFiles } from './collective-files.js'
import { measure } from './measure.js'
import type { PreparedRun } from './prepare-run.js'
import { ProgressiveSaver } from './progressive-saver.js'
import { describeQuickPlan, expectCosts, planQuick, type QuickBudget } from './quick-plan.js'
import { RunDocument } from './run-document.js'
import type { RunObserver } from './run-observer.js'
import type { RunWarnings } from './run-warnings.js'
import { type JobInput, trainerJobs } from './trainer-jobs.js'
import type { TrainerHost } from './trainer-process.js'

/** What quick promises, and what it plans with: the rest is for a machine that is busy at times. */
const quickLimitMs = 60_000
const quickPlannedShare = 0.7

export interface BenchmarkPorts {
  trainers: TrainerHost
  /** Called one at a time, after each epoch and at the end. A rejection is a warning; the run goes on. */
  saveResults(results: Results): Promise<void>
  /** Null where nobody looks at the machine. */
  observer: RunObserver | null
  warnings: RunWarnings
}

export interface BenchmarkOptions {
  signal: AbortSignal
  onEvent(event: RunEvent): void
}

/**
 * Measures everything that was planned, one after another, in fresh processes, as many times over as there are
 * repeats. A measurement that fails is recorded and the rest goes on; when `signal` is aborted, what was measured is kept and marked cancelled.
 * Never rejects for what happens in a trainer: `status` and each measurement's `error` tell.
 */
export async function runBenchmark(
  prepared: PreparedRun,
  ports: BenchmarkPorts,
  options: BenchmarkOptions,
): Promise<Results> {
  const { signal, onEvent } = options
  const startedAtMs = performance.now()
  const document = new RunDocument(prepared)
  const { observer, warnings } = ports
  const saver = new ProgressiveSaver(ports.saveResults, (text) => warnings.add({ code: 'not-kept', text }))
  const { runId, configuration, machine, measurements, notes } = prepared
  const [environment] = await Promise.all([
    observer?.environment() ?? null,
    sweepCollectiveFiles(2 * ports.trainers.timeouts.readyMs),
  ])
  document.found(environment)
  onEvent({ type: 'run-started', runId, configuration, machine, environment, measurements, notes })
  warnings.follow((warning) => {
    document.warn(warning)
    onEvent({ type: 'warning', ...warning })
  })
  // Whatever ends this process, a document that says what was begun is there.
  saver.save(document.snapshot())

  const obstacle = await chooseSamples(prepared, document, ports, options, startedAtMs)
  for (let block = 0; block < configuration.repeats; block++) {
    for (const planned of orderOfBlock(measurements, block, configuration)) {
      onEvent({ type: 'measurement-started', measurement: planned, epochs: configuration.epochs })
      const measured = await measureUnless(obstacle, planned, {
        input: { ...prepared, configuration: document.snapshot().configuration },
        host: ports.trainers,
        signal,
        onEvent,
        onEpoch(soFar) {
          const conditions = observer?.conditions() ?? null
          onEvent({ type: 'measurement-updated', measurement: document.put({ ...soFar, conditions }) })
          saver.save(document.snapshot())
        },
      })
      const conditions = (await observer?.conclude()) ?? null
      onEvent({ type: 'measurement-finished', measurement: document.put({ ...measured, conditions }) })
      saver.save(document.snapshot())
    }
    if (signal.aborted || obstacle !== null) break
    const note = whyEnough(document.snapshot(), block + 1)
    if (note === null) continue
    document.note(note)
    onEvent({ type: 'note', text: note })
    break
  }
  const results = document.finish()
  saver.save(results)
  await saver.flush()
  onEvent({ type: 'run-finished', results })
  return results
}

/** Quick's choice of samples. What keeps every measurement from starting is returned, if anything does. */
async function chooseSamples(
  prepared: PreparedRun,
  document: RunDocument,
  ports: BenchmarkPorts,
  { signal, onEvent }: BenchmarkOptions,
  startedAtMs: number,
): Promise<Measurement['error']> {
  const { configuration, measurements, dataSize } = prepared
  const measured = measurements.filter((measurement) => measurement.status !== 'skipped')
  if (configuration.preset !== 'quick' || configuration.samplesPerEpoch !== null) return null
  if (measured.length === 0) return null

  onEvent({ type: 'calibration-started' })
  try {
    const job = calibrationJob(prepared, measured[0] as Measurement)
    const calibration = await calibrate(job, dataSize.trainSamples, ports.trainers, signal)
    if (calibration === null) return null
    const budget: QuickBudget = {
      costs: expectCosts(measured, calibration),
      epochs: configuration.epochs,
      budgetMs: quickPlannedShare * quickLimitMs - (performance.now() - startedAtMs),
      trainSamples: dataSize.trainSamples,
      testSamples: configuration.evaluate ? dataSize.testSamples : 0,
    }
    const plan = planQuick(budget)
    const note = describeQuickPlan(plan, calibration, budget.costs)
    document.chooseSamples(plan.samplesPerEpoch, note)
    onEvent({ type: 'calibration-finished', samplesPerEpoch: plan.samplesPerEpoch, note })
    return null
  } catch (thrown) {
    return toErrorReport(thrown)
  }
}

/** Single on one device, whatever strategies were asked for. */
function calibrationJob(
  prepared: PreparedRun,
  measurement: Measurement,
): ReturnType<typeof trainerJobs>[number] {
  const batchSize = prepared.configuration.batchSizeSingle
  const single: Measurement = {
    ...measurement,
    strategy: baseStrategy,
    devices: [prepared.baseDevice],
    worldSize: 1,
    globalBatchSize: batchSize,
    perDeviceBatchSize: batchSize,
  }
  const input: JobInput = prepared
  return trainerJobs(single, input, null)[0] as ReturnType<typeof trainerJobs>[number]
}

async function measureUnless(
  obstacle: Measurement['error'],
  planned: Measurement,
  options: Parameters<typeof measure>[1],
): Promise<Measurement> {
  if (planned.status === 'skipped') return planned
  if (obstacle !== null) return { ...planned, status: 'failed', error: obstacle }
  if (options.signal.aborted) return { ...planned, status: 'cancelled' }
  return measure(planned, options)
}
