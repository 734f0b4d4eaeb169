import type { MeasurementSummary } from '../results/results.js'
import { scriptLimits } from '../script/script.js'
import { median } from '../statistics/quantiles.js'
import { leastSeconds, leastSteps } from '../validity/rules/steadiness.js'
import { blockBudgetMs } from './quick-choices.js'
import type { RunConfiguration } from './run-configuration.js'

/** How often what is not certain enough is measured again: five blocks have an interval of each pair's own. */
export const againRepeats = 5

/** From the last step of a process to the first word of the next, and starting: what results do not time. */
const betweenSeconds = 1.2

interface MeasuredRun {
  configuration: RunConfiguration
  measurements: readonly MeasurementSummary[]
}

/**
 * The run that would settle what this one leaves open: five blocks of the same, with as many steps as a pace needs where
 * there were too few, and how long it takes, by what this one took. Null seconds where nothing was measured.
 */
export function measureAgain({ configuration, measurements }: MeasuredRun): {
  configuration: RunConfiguration
  seconds: number | null
} {
  const again: RunConfiguration = { ...configuration, repeats: againRepeats, untilNarrow: false }
  const measured = measurements.filter(({ epochs }) => epochs.length > 0)
  const isFitted = configuration.preset === 'quick' && configuration.quickChooses.length > 0
  if (isFitted) {
    const quickChooses = configuration.quickChooses.filter((choice) => choice !== 'repeats')
    const blockSeconds = Math.max(blockBudgetMs / 1000, secondsOfBlock(measured, 1))
    const seconds = measured.length === 0 ? null : againRepeats * blockSeconds
    return { configuration: { ...again, samplesPerEpoch: null, quickChooses }, seconds }
  }
  const times = moreEpochs(measured)
  return {
    configuration: withMore(again, times),
    seconds: measured.length === 0 ? null : againRepeats * secondsOfBlock(measured, times),
  }
}

/** So many times as much in each measurement: epochs, or steps of a script, which has one epoch. */
function withMore(configuration: RunConfiguration, times: number): RunConfiguration {
  const { script, epochs } = configuration
  if (script === undefined) return { ...configuration, epochs: epochs * times }
  const steps = Math.min(scriptLimits.steps, script.steps * times)
  // What its steps are counted by shows anew.
  const { counts: _, ...again } = script
  return { ...configuration, maxStepsPerEpoch: steps, script: { ...again, steps } }
}

/** Every strategy once: its usual time before the first step, and its epochs so many times over. */
function secondsOfBlock(measured: readonly MeasurementSummary[], times: number): number {
  const ids = [...new Set(measured.map(({ id }) => id))]
  return ids.reduce((sum, id) => {
    const repeats = measured.filter((measurement) => measurement.id === id)
    const before = median(
      repeats.map(
        ({ loadMs, traceMs, firstStepMs }) => ((loadMs ?? 0) + (traceMs ?? 0) + (firstStepMs ?? 0)) / 1000,
      ),
    )
    return sum + (before ?? 0) + betweenSeconds + times * (median(repeats.map(trainedSeconds)) ?? 0)
  }, 0)
}

/** How many times as many epochs make enough steps and seconds in every measurement. */
function moreEpochs(measured: readonly MeasurementSummary[]): number {
  const factors = measured.map((measurement) => {
    const steps = measurement.epochs.reduce((sum, epoch) => sum + epoch.steps, 0)
    const seconds = trainedSeconds(measurement)
    return Math.max(leastSteps / steps, seconds === 0 ? 1 : leastSeconds / seconds)
  })
  return Math.ceil(Math.max(1, ...factors))
}

function trainedSeconds({ epochs }: MeasurementSummary): number {
  return epochs.reduce((sum, { seconds }) => sum + seconds, 0)
}
