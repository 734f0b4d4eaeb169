import type { ExpectedTime, TimeBasis } from '../../shared/expected-time.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import { expectedCost, type MeasurementCost } from './expected-cost.js'
import { filledAsKnown } from './fill-devices.js'
import type { Pace } from './pace.js'
import { plannedImages } from './planned-work.js'
import type { PreparedRun } from './prepare-run.js'
import { choosesAmount, quickPlanOf } from './quick.js'
import { budgetMs, evaluationShare } from './quick-plan.js'

export interface Expectation {
  /** Null where nothing is known to expect it from, or nothing will be measured. */
  time: ExpectedTime | null
  /** Of the measurements of a block, as far as they are known. */
  costs: MeasurementCost[]
}

/**
 * How long a run takes, by the paces that are known: the one source for what page and terminal say before it, and for what
 * they count down from. A quick run is planned for that as it will be once it starts.
 */
export function expectTime(prepared: PreparedRun, known: ReadonlyMap<string, readonly Pace[]>): Expectation {
  // Each script has a pace of its own.
  if (prepared.configuration.script !== undefined) return { time: null, costs: [] }
  const isFitted = choosesAmount(prepared.configuration)
  const run = isFitted ? filledAsKnown(prepared, known) : prepared
  const planned = run.measurements.filter(({ status }) => status !== 'skipped')
  const costs = planned.flatMap((measurement) => expectedCost(measurement, run, known) ?? [])
  const isComplete = costs.length === planned.length
  if (planned.length === 0) return { time: null, costs }
  if (!isFitted) return { time: isComplete ? timeOfAmount(run, costs) : null, costs }
  return { time: isComplete ? fittedTime(run, costs) : budgetedTime(run.configuration), costs }
}

/** Of so many images as someone has chosen. */
function timeOfAmount(
  { configuration, measurements, dataSize }: PreparedRun,
  costs: readonly MeasurementCost[],
): ExpectedTime {
  const { epochs, evaluate, repeats } = configuration
  const evaluated = evaluate ? epochs * dataSize.testSamples * evaluationShare : 0
  const blockMs = costs.reduce((sum, { id, fixedMs, imageMs }) => {
    const measurement = measurements.find((planned) => planned.id === id)
    const images =
      measurement === undefined ? 0 : plannedImages(measurement, configuration, dataSize.trainSamples)
    return sum + fixedMs + (images + evaluated) * imageMs
  }, 0)
  return {
    ...endOf(configuration, repeats),
    seconds: (repeats * blockMs) / 1000,
    allBlocksSeconds: null,
    basis: weakestBasis(costs),
    calibratesFirst: false,
  }
}

/** Of a quick run, whose amount is fitted to its time. */
function fittedTime(run: PreparedRun, costs: readonly MeasurementCost[]): ExpectedTime {
  const { plan } = quickPlanOf(run, costs)
  const basis = weakestBasis(costs)
  return {
    ...endOf(run.configuration, plan.repeats),
    seconds: plan.expectedMs / 1000,
    allBlocksSeconds: plan.allBlocksMs === null ? null : plan.allBlocksMs / 1000,
    basis,
    calibratesFirst: basis !== 'measured',
  }
}

/** Of a quick run on devices that nothing is known of: what it aims at. */
function budgetedTime(configuration: RunConfiguration): ExpectedTime {
  const { repeats } = configuration
  return {
    ...endOf(configuration, repeats),
    seconds: budgetMs(repeats) / 1000,
    allBlocksSeconds: null,
    basis: 'guess',
    calibratesFirst: true,
  }
}

function endOf({ untilNarrow }: RunConfiguration, repeats: number): Pick<ExpectedTime, 'repeats' | 'isMost'> {
  return { repeats, isMost: untilNarrow && repeats > 1 }
}

/** A time is known no better than the least known of its parts. */
function weakestBasis(costs: readonly MeasurementCost[]): TimeBasis {
  const order: readonly TimeBasis[] = ['guess', 'similar', 'measured']
  return order.find((basis) => costs.some((cost) => cost.basis === basis)) ?? 'guess'
}
