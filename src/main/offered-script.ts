import { basename, dirname } from 'node:path'
import { launcherOf } from '../core/script/script-command.js'
import { type OfferedScript, scriptDefaults } from '../shared/script/offered-script.js'

/** A file that somebody chose in a dialog, as the script that the page may have measured: without arguments, by the Python on PATH. */
export function offerFile(path: string): OfferedScript {
  const command = [basename(path)]
  const { worlds, repeats, steps, warmUpSteps, seed, startSeconds } = scriptDefaults
  return {
    script: {
      ...{ command, folder: dirname(path), launcher: launcherOf(command) },
      ...{ worlds: [...worlds], steps, warmUpSteps, startSeconds },
      ...{ isInScratch: false, perDeviceBatch: null, globalBatch: null },
    },
    ...{ repeats, seed, deviceKind: 'auto', python: null },
  }
}
