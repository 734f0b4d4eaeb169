import type { RunPlan } from '../../shared/contract/commands.js'
import { withoutSteps } from '../../shared/results/results.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import { cacheFolder } from '../cache-folder.js'
import { bytesToDownload } from '../data/download.js'
import { expectTime } from './expect-time.js'
import { openPaceFile } from './pace-file.js'
import { type PreparationOptions, prepareRun } from './prepare-run.js'

/**
 * What a run of this configuration would measure and skip, and how long it would take, without fetching anything. Throws what is wrong with
 * the choice, as `prepareRun`.
 */
export async function planRun(
  configuration: RunConfiguration,
  options: Omit<PreparationOptions, 'onMissingEngine' | 'onDownload' | 'download'>,
): Promise<RunPlan> {
  const prepared = await prepareRun(configuration, { ...options, download: 'never' })
  const { dataset, dataDir } = configuration
  const [known, downloadBytes] = await Promise.all([
    openPaceFile(cacheFolder(options.environment)).read(),
    dataset === 'cifar10' && dataDir === null ? bytesToDownload(options.environment) : 0,
  ])
  return {
    measurements: prepared.measurements.map(withoutSteps),
    notes: prepared.notes,
    expectedTime: expectTime(prepared, known).time,
    downloadBytes,
  }
}
