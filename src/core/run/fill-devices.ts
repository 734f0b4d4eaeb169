import type { Measurement } from '../../shared/results/results.js'
import { formatCount } from '../../shared/text/format.js'
import type { BenchmarkOptions, BenchmarkPorts } from './benchmark-ports.js'
import { type Pace, paceKey, usualPace } from './pace.js'
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
  if (!choosesBatch(prepared)) return prepared
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

/** The same, by nothing but what is known: what a run that starts now would most likely come to. */
export function filledAsKnown(
  prepared: PreparedRun,
  known: ReadonlyMap<string, readonly Pace[]>,
): PreparedRun {
  if (!choosesBatch(prepared)) return prepared
  let best = prepared
  let bestRate = knownRate(best, known)
  while (bestRate !== null) {
    const larger = withBatches(best, 2)
    const rate = larger.configuration.perGpuBatchSize > largestBatch ? null : knownRate(larger, known)
    if (rate === null || rate < worthwhileGrowth * bestRate) break
    best = larger
    bestRate = rate
  }
  return best
}

function choosesBatch({ configuration, baseDevice }: PreparedRun): boolean {
  return baseDevice.kind === 'gpu' && configuration.quickChooses.includes('batch')
}

function knownRate(prepared: PreparedRun, known: ReadonlyMap<string, readonly Pace[]>): number | null {
  const planned = smallest(prepared.measurements)
  const pace = planned === undefined ? null : usualPace(known.get(paceKey(planned, prepared)) ?? [])
  return pace === null ? null : 1000 / pace.imageMs
}

/** Images/s of the base's batch; null where it was stopped. */
async function rateOf(
  prepared: PreparedRun,
  ports: BenchmarkPorts,
  { signal, onEvent }: BenchmarkOptions,
): Promise<number | null> {
  const planned = smallest(prepared.measurements)
  if (planned === undefined) return null
  const known = knownRate(prepared, await ports.paces.read())
  if (known !== null) return known
  const title = `${planned.title}, ${formatCount(planned.globalBatchSize)} images a step`
  onEvent({ type: 'calibration-started', title, index: 1, count: 1, tunes: false })
  const trial = await tryMeasurement(planned, prepared, ports, signal)
  if (trial === null) return null
  if (!trial.isDisturbed) await ports.paces.add(paceKey(planned, prepared), trial.pace)
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
