import { plannedMeasurement } from '../live/live-run.fixture.js'
import { builtRun, trainedMeasurement } from '../results/built-run.fixture.js'
import type { Measurement, Results } from '../results/results.js'
import { summarise } from '../results/summary.js'
import { notebookPreset } from '../run/presets.js'

export type StrategyId = 'single' | 'single-all-cores' | 'dp' | 'ddp'

/** When the runs of tests began, on the clock of their steps. */
export const runStartedAtMs = 1_000_000

/** Milliseconds of a step, slower by 2 % a block. */
const stepMs: Record<StrategyId, number> = { single: 100, 'single-all-cores': 60, dp: 70, ddp: 64 }

/** A strategy as it was measured once: two epochs of five steps of 64 images each, the loss falling. */
export function measurementOf(
  id: StrategyId,
  block: number,
  { slowdown = 1 + 0.02 * block, changes = {} as Partial<Measurement> } = {},
): Measurement {
  const ms = stepMs[id] * slowdown
  const planned = plannedMeasurement(id, {
    block,
    traceMs: 150,
    firstStepMs: 300,
    peakMemoryBytes: 800 * 2 ** 20,
  })
  const parts =
    id === 'ddp'
      ? { dataWaitMs: 0.02 * ms, computeMs: 0.7 * ms, communicationMs: 0.17 * ms, updateMs: 0.1 * ms }
      : { dataWaitMs: 0.02 * ms, computeMs: 0.97 * ms }
  const trained = trainedMeasurement(planned, {
    epochs: 2,
    stepsPerEpoch: 5,
    startedAtMs: runStartedAtMs + 10_000 * (block + 1) + 2_000 * Object.keys(stepMs).indexOf(id),
    stepMs: ms,
    parts,
    ...(id === 'ddp' ? { arrivalMs: (rank) => 0.72 * ms + rank } : {}),
    lossOf: (ordinal) => 2.3 - 0.05 * ordinal,
    epochLossOf: (epoch) => 2.3 - 0.25 * epoch,
  })
  return summarise([{ ...trained, ...changes }])[0] as Measurement
}

/** A run of these measurements, on two CPU devices, complete unless changed. */
export function resultsOf(measurements: readonly Measurement[], changes: Partial<Results> = {}): Results {
  const repeats = 1 + Math.max(0, ...measurements.map(({ block }) => block))
  return builtRun(summarise(measurements), { configuration: { ...notebookPreset, repeats }, ...changes })
}

/** Every strategy in every block. */
export function repeatedRun(
  blocks: number,
  ids: readonly StrategyId[] = ['single', 'single-all-cores', 'dp', 'ddp'],
): Results {
  return resultsOf(
    Array.from({ length: blocks }, (_, block) => block).flatMap((block) =>
      ids.map((id, at) =>
        measurementOf(id, block, { slowdown: 1 + 0.02 * block + 0.003 * ((block * 7 + at * 3) % 5) }),
      ),
    ),
  )
}
