import { join } from 'node:path'
import type { TrainerJob } from '../../shared/child/trainer-protocol.js'
import { type EngineName, engines } from '../../shared/domain/engines.js'
import type { Device } from '../../shared/machine/device.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import { cacheFolder } from '../cache-folder.js'

/** ResNet-18 takes 3 to 8 s on one core of a server; what does not fit is timed by the next run. */
const usualBudgetMs = 60_000
/** A quick run has a minute for everything. */
const quickBudgetMs = 3_000

/**
 * What a trainer is told about autotuning; null for leaving convolutions to the engine. On GPUs that is the default,
 * since cuDNN picks among its own algorithms there; some engines always choose themselves.
 */
export function autotuneJob(
  { autotune, preset }: Pick<RunConfiguration, 'autotune' | 'preset'>,
  engine: EngineName,
  devices: readonly Device[],
): TrainerJob['autotune'] {
  if (!engines[engine].tunesConvolutions) return null
  const isDefaultOff = devices.some(({ kind }) => kind === 'gpu')
  if (autotune === 'off' || (autotune === 'auto' && isDefaultOff)) return null
  return {
    cacheDirectory: join(cacheFolder(), 'autotune'),
    budgetMs: preset === 'quick' ? quickBudgetMs : usualBudgetMs,
    report: autotune === 'report',
  }
}
