import type { RunPlan } from '../../shared/contract/commands.js'
import { withoutSteps } from '../../shared/results.js'
import type { RunConfiguration } from '../../shared/run-configuration.js'
import { type PreparationOptions, prepareRun } from './prepare-run.js'

/**
 * What a run of this configuration would measure and skip, without fetching anything. Throws what is wrong with
 * the choice, as `prepareRun`.
 */
export async function planRun(
  configuration: RunConfiguration,
  options: Omit<PreparationOptions, 'onMissingEngine' | 'onDownload' | 'download'>,
): Promise<RunPlan> {
  const { measurements, notes } = await prepareRun(configuration, { ...options, download: 'never' })
  return { measurements: measurements.map(withoutSteps), notes }
}
