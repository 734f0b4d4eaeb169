import type { MeasurementSummary } from '../../shared/results/results.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'

/** How many images a measurement trains on, over all its epochs. */
export function plannedImages(
  { globalBatchSize }: Pick<MeasurementSummary, 'globalBatchSize'>,
  { samplesPerEpoch, maxStepsPerEpoch, epochs }: RunConfiguration,
  trainSamples: number,
): number {
  const samples = samplesPerEpoch ?? trainSamples
  const limit = maxStepsPerEpoch === -1 ? samples : maxStepsPerEpoch * globalBatchSize
  return epochs * Math.min(samples, limit)
}
