import { formatCount } from '../../shared/format.js'
import type { Measurement } from '../../shared/results.js'
import type { BenchmarkOptions, BenchmarkPorts } from './benchmark-ports.js'
import { paceKey, usualPace } from './pace.js'
import type { PreparedRun } from './prepare-run.js'
import { tryMeasurement } from './trial.js'

/** How many times images/s must grow for a batch twice as large to be worth it. */
const worthwhileGrowth = 1.08

/** Images a step and device beyond which a first impression does not go: an epoch of ten steps would get long. */
const largestBatch = 4_096

/**
 * The run with a batch that fills its GPUs: from quick's own batch on it is doubled while that makes more images/s, or until
 * the memory does not suffice. What was tried before is known. On CPU devices, and where someone chose a batch, the run as
 * it is.
 */
export async function fillDevices(
  prepared: PreparedRun,
  ports: BenchmarkPorts,
  options: BenchmarkOptions,
): Promise<PreparedRun> {
  const { configuration, baseDevice } = prepared
  if (baseDevice.kind !== 'gpu' || !configuration.quickChooses.includes('batch')) return prepared
  let best = prepared
  let bestRate = await rateOf(best, ports, options)
  while (bestRate !== null && !options.signal.aborted) {
    const larger = withBatches(best, 2)
    if (larger.configuration.perGpuBatchSize > largestBatch) break
    // Too large for the memory, most likely: the one before it fits.
    const rate = await rateOf(larger, ports, options).catch(() => null)
    if (rate === null || rate < worthwhileGrowth * bestRate) break
    best = larger
    bestRate = rate
  }
  return best
}

/** Images/s of the base's batch; null where it was stopped. */
async function rateOf(
  prepared: PreparedRun,
  ports: BenchmarkPorts,
  { signal, onEvent }: BenchmarkOptions,
): Promise<number | null> {
  const planned = smallest(prepared.measurements)
  if (planned === undefined) return null
  const key = paceKey(planned, prepared)
  const known = usualPace((await ports.paces.read()).get(key) ?? [])
  if (known !== null) return 1000 / known.imageMs
  const title = `${planned.title}, ${formatCount(planned.globalBatchSize)} images a step`
  onEvent({ type: 'calibration-started', title, index: 1, count: 1, tunes: false })
  const trial = await tryMeasurement(planned, prepared, ports, signal)
  if (trial === null) return null
  if (!trial.isDisturbed) await ports.paces.add(key, trial.pace)
  return 1000 / trial.pace.imageMs
}

/** The measurement with the fewest devices: what it fills, others fill as well. */
function smallest(measurements: readonly Measurement[]): Measurement | undefined {
  return measurements
    .filter(({ status }) => status !== 'skipped')
    .sort((a, b) => a.devices.length - b.devices.length)[0]
}

function withBatches(prepared: PreparedRun, factor: number): PreparedRun {
  const { configuration } = prepared
  const larger = {
    ...configuration,
    batchSizeSingle: configuration.batchSizeSingle * factor,
    perGpuBatchSize: configuration.perGpuBatchSize * factor,
  }
  return { ...prepared, configuration: larger, measurements: prepared.plan(larger) }
}
