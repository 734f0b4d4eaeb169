import { plannedMeasurement, runStarted } from '../live/live-run.fixture.js'
import type { MeasurementSummary } from '../results/results.js'
import type { RunConfiguration } from '../run/run-configuration.js'
import type { ComparedRun } from './compared-run.js'

type StrategyId = Parameters<typeof plannedMeasurement>[0]

/** Images/s of each repeat, by strategy. */
export type Rates = Partial<Record<StrategyId, readonly number[]>>

/** A measurement that got to its end, of one epoch at this rate. */
export function measuredAt(
  id: StrategyId,
  block: number,
  imagesPerSecond: number,
  changes: Partial<MeasurementSummary> = {},
): MeasurementSummary {
  const epoch = {
    epoch: 0,
    loss: 2,
    seconds: 1000 / imagesPerSecond,
    images: 1000,
    steps: 10,
    testAccuracy: null,
    parameterChecksum: '',
  }
  return plannedMeasurement(id, {
    block,
    status: 'completed',
    backend: 'tensorflow',
    backendVersion: '2.21.0',
    epochs: [epoch],
    ...changes,
  })
}

/** A run that measured these rates on the machine that all such runs share. */
export function runAt(
  rates: Rates,
  changes: Partial<Omit<ComparedRun, 'configuration' | 'machine'>> & {
    configuration?: Partial<RunConfiguration>
    machine?: Partial<ComparedRun['machine']>
  } = {},
): ComparedRun {
  const { runId, configuration, machine } = runStarted([])
  const measurements = (Object.keys(rates) as StrategyId[]).flatMap((id) =>
    (rates[id] ?? []).map((rate, block) => measuredAt(id, block, rate)),
  )
  return {
    runId,
    name: null,
    startedAt: '2026-01-31T14:25:30.000Z',
    isComplete: true,
    measurements,
    validity: {
      badge: 'valid',
      headline: 'valid',
      strategies: Object.fromEntries(Object.keys(rates).map((id) => [id, 'valid' as const])),
    },
    ...changes,
    configuration: { ...configuration, ...changes.configuration },
    machine: { ...machine, ...changes.machine },
  }
}
