import type { RunPlan } from '../../shared/contract/commands.js'
import { withoutSteps } from '../../shared/results/results.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import type { Script } from '../../shared/script/script.js'
import { prepareScript, type ScriptPreparation } from './prepare-script.js'

/** What a run of a script would measure. How long its steps take nobody knows. Throws as `prepareScript`. */
export async function planScript(
  configuration: RunConfiguration,
  script: Script,
  options: ScriptPreparation,
): Promise<RunPlan> {
  const { measurements, notes } = await prepareScript(configuration, script, options)
  return { measurements: measurements.map(withoutSteps), notes, expectedTime: null, downloadBytes: 0 }
}
