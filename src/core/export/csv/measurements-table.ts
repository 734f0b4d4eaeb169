import { deviceName } from '../../../shared/machine/device.js'
import type { Measurement, Results } from '../../../shared/results/results.js'
import { strategyResults } from '../../../shared/results/strategy-results.js'
import type { Column } from './table.js'

/**
 * One row a measurement: every strategy in every repeat, also those that failed or were skipped, and why. `speedup` is
 * over Single in the same repeat; where the two must not be compared there is none, and the reason.
 */
export function measurementColumns({
  runId,
  status,
  measurements,
  configuration,
}: Results): Column<Measurement>[] {
  const comparisons = new Map(
    strategyResults(measurements, configuration).map(({ id, answer }) => [id, answer?.comparison]),
  )
  const ifCompared = ({ id }: Measurement, figure: number | null): number | null =>
    comparisons.get(id)?.kind === 'compared' ? figure : null
  const obstacle = ({ id }: Measurement): string | null => {
    const comparison = comparisons.get(id)
    return comparison?.kind === 'not-comparable' ? comparison.reason : null
  }
  return [
    { name: 'run_id', of: () => runId },
    { name: 'run_status', of: () => status },
    { name: 'strategy', of: ({ id }) => id },
    { name: 'title', of: ({ title }) => title },
    { name: 'repeat', of: ({ block }) => block + 1 },
    { name: 'status', of: (one) => one.status },
    { name: 'reason', of: ({ skipReason, error }) => skipReason ?? error?.message ?? null },
    { name: 'devices', of: ({ devices }) => devices.map(deviceName).join(' ') },
    { name: 'ranks', of: ({ worldSize }) => worldSize },
    { name: 'global_batch_images', of: ({ globalBatchSize }) => globalBatchSize },
    { name: 'device_batch_images', of: ({ perDeviceBatchSize }) => perDeviceBatchSize },
    { name: 'engine', of: ({ backend }) => backend },
    { name: 'engine_version', of: ({ backendVersion }) => backendVersion },
    { name: 'collective', of: ({ collective }) => collective },
    { name: 'load_ms', of: ({ loadMs }) => loadMs },
    { name: 'trace_ms', of: ({ traceMs }) => traceMs },
    { name: 'autotune_ms', of: ({ autotune }) => autotune?.tuneMs ?? null },
    { name: 'first_step_ms', of: ({ firstStepMs }) => firstStepMs },
    { name: 'epochs', of: ({ epochs }) => epochs.length },
    { name: 'mean_epoch_s', of: ({ meanEpochSeconds }) => meanEpochSeconds },
    { name: 'images_per_s', of: ({ imagesPerSecond }) => imagesPerSecond },
    { name: 'speedup', of: (one) => ifCompared(one, one.speedup) },
    { name: 'efficiency', of: (one) => ifCompared(one, one.efficiency) },
    { name: 'not_comparable_because', of: obstacle },
    { name: 'final_loss', of: ({ epochs }) => epochs.at(-1)?.loss ?? null },
    { name: 'final_test_accuracy', of: ({ epochs }) => epochs.at(-1)?.testAccuracy ?? null },
    { name: 'peak_memory_bytes', of: ({ peakMemoryBytes }) => peakMemoryBytes },
  ]
}
