import { engines } from '../../shared/domain/engines.js'
import { trainingFlops } from '../../shared/domain/model-flops.js'
import { isOwnModel } from '../../shared/domain/models.js'
import type { TimeBasis } from '../../shared/expected-time.js'
import type { Measurement } from '../../shared/results/results.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import type { ExpectedMeasurementCost } from '../../shared/run/run-events.js'
import { kindredPace, type Pace, paceKey, usualPace } from './pace.js'
import type { PreparedRun } from './prepare-run.js'
import type { ExpectedCost } from './quick-plan.js'

/** What a measurement is expected to take, and why. */
export interface MeasurementCost extends ExpectedCost, ExpectedMeasurementCost {}

/** Starting, tracing, the first steps and ending, where nothing was measured. */
const usualFixedMs = 4_000

/**
 * The cost of a planned measurement: as it was measured here, else as it was with other batches or pictures, else a guess
 * from its arithmetic. Null where there is nothing to guess from: for GPUs, and for models that only PyTorch knows.
 */
export function expectedCost(
  planned: Measurement,
  prepared: PreparedRun,
  known: ReadonlyMap<string, readonly Pace[]>,
): MeasurementCost | null {
  const { id, globalBatchSize } = planned
  const cost = (
    basis: TimeBasis,
    { fixedMs, imageMs }: Pick<Pace, 'fixedMs' | 'imageMs'>,
  ): MeasurementCost => ({
    id,
    globalBatchSize,
    fixedMs,
    imageMs,
    basis,
  })
  const exact = usualPace(known.get(paceKey(planned, prepared)) ?? [])
  if (exact !== null) return cost('measured', exact)
  const kindred = kindredPace(known, planned, prepared)
  if (kindred !== null) return cost('similar', kindred)
  const imageMs = guessedImageMs(planned, prepared.configuration)
  return imageMs === null ? null : cost('guess', { fixedMs: usualFixedMs, imageMs })
}

function guessedImageMs(
  { devices, backend }: Measurement,
  { modelName, stem }: RunConfiguration,
): number | null {
  if (backend === null || !isOwnModel(modelName) || devices.some(({ kind }) => kind === 'gpu')) return null
  const { usualCoreGigaflops, usesCoresOfDevice } = engines[backend]
  const cores = usesCoresOfDevice ? devices.flatMap((device) => device.cores).length : devices.length
  return trainingFlops(modelName, stem) / (usualCoreGigaflops * 1e6 * cores)
}
