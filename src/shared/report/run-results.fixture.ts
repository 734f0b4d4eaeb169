import type { StepRecord } from '../child/trainer-protocol.js'
import { plannedMeasurement, runStarted } from '../live/live-run.fixture.js'
import { type Measurement, type Results, resultsSchema } from '../results/results.js'
import { summarise } from '../results/summary.js'

export type StrategyId = 'single' | 'single-all-cores' | 'dp' | 'ddp'

/** When the runs of tests began, on the clock of their steps. */
export const runStartedAtMs = 1_000_000

const stepsPerEpoch = 5
const epochs = 2

/** Milliseconds of a step, slower by 2 % a block. */
const stepMs: Record<StrategyId, number> = { single: 100, 'single-all-cores': 60, dp: 70, ddp: 64 }

/** A strategy as it was measured once: two epochs of five steps of 64 images each, the loss falling. */
export function measurementOf(
  id: StrategyId,
  block: number,
  { slowdown = 1 + 0.02 * block, changes = {} as Partial<Measurement> } = {},
): Measurement {
  const ms = stepMs[id] * slowdown
  const ranks = id === 'ddp' ? [0, 1] : [0]
  const startedAtMs = runStartedAtMs + 10_000 * (block + 1) + 2_000 * Object.keys(stepMs).indexOf(id)
  const step = (ordinal: number, rank: number): StepRecord => ({
    epoch: Math.floor(ordinal / stepsPerEpoch),
    step: ordinal % stepsPerEpoch,
    loss: 2.3 - 0.05 * ordinal,
    images: 64 / ranks.length,
    startedAtMs: startedAtMs + ordinal * ms,
    stepMs: ms,
    dataWaitMs: 0.02 * ms,
    computeMs: (id === 'ddp' ? 0.7 : 0.97) * ms,
    communicationMs: id === 'ddp' ? 0.17 * ms : 0,
    updateMs: id === 'ddp' ? 0.1 * ms : 0,
    arrivedAtMs: id === 'ddp' ? startedAtMs + ordinal * ms + 0.72 * ms + rank : null,
  })
  const [measurement] = summarise([
    {
      ...plannedMeasurement(id, {
        block,
        status: 'completed',
        backend: 'tensorflow',
        backendVersion: '2.21.0',
      }),
      traceMs: 150,
      firstStepMs: 300,
      peakMemoryBytes: 800 * 2 ** 20,
      epochs: Array.from({ length: epochs }, (_, epoch) => ({
        epoch,
        loss: 2.3 - 0.25 * epoch,
        seconds: (stepsPerEpoch * ms) / 1000,
        images: 64 * stepsPerEpoch,
        steps: stepsPerEpoch,
        testAccuracy: null,
        parameterChecksum: '',
      })),
      ranks: ranks.map((rank) => ({
        rank,
        steps: Array.from({ length: epochs * stepsPerEpoch }, (_, ordinal) => step(ordinal, rank)),
      })),
      ...changes,
    } as Measurement,
  ])
  return measurement as Measurement
}

/** A run of these measurements, on two CPU devices, complete unless changed. */
export function resultsOf(measurements: readonly Measurement[], changes: Partial<Results> = {}): Results {
  const { runId, configuration, machine, notes } = runStarted([])
  const blocks = 1 + Math.max(0, ...measurements.map(({ block }) => block))
  return resultsSchema.parse({
    format: 'tandem-results',
    version: 2,
    runId,
    startedAt: '2026-01-31T14:25:30.000Z',
    finishedAt: '2026-01-31T14:27:00.000Z',
    status: 'complete',
    configuration: { ...configuration, repeats: blocks },
    notes,
    machine,
    measurements: summarise(measurements),
    ...changes,
  })
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
