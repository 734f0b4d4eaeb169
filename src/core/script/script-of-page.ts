import { TandemError } from '../../shared/errors.js'
import { commandLine } from '../../shared/run/run-command.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import { type OfferedScript, scriptDeviceKinds, unlikeOffered } from '../../shared/script/offered-script.js'
import { commandText, type Script } from '../../shared/script/script.js'
import { configurationOf } from '../../shared/script/script-configuration.js'

/** A run of a script as the host starts it, whatever a page has sent beside it. */
export interface RunOfScript {
  configuration: RunConfiguration
  script: Script
  /** Which was named for it; absent for none. */
  python?: string
}

/**
 * The script that a page wants measured, as the host runs it. Whoever reaches the dashboard must not be able to run any
 * command by it, so it has to be the one that was offered. Numbers are the page's; all else is taken from what was offered.
 *
 * Throws `script-from-page` for any other script.
 */
export function runOfPage(
  { repeats, seed, devices }: RunConfiguration,
  wanted: Script,
  offered: OfferedScript | null,
): RunOfScript {
  if (offered === null) throw refused('none was named to this dashboard', wanted)
  const difference = unlikeOffered(wanted, offered.script)
  if (difference !== null) {
    const named = `${commandText(offered.script)} in ${offered.script.folder}`
    throw refused(`${difference}; named was ${named}`, wanted)
  }
  const { counts: _, ...chosen } = wanted
  const { command, folder, launcher, startSeconds } = offered.script
  const script = { ...chosen, command, folder, launcher, startSeconds }
  const deviceKind = scriptDeviceKinds.find((kind) => kind === devices) ?? 'auto'
  return {
    configuration: configurationOf(script, { repeats, seed, deviceKind }),
    script,
    ...(offered.python !== null && { python: offered.python }),
  }
}

function refused(why: string, { folder, command }: Script): TandemError {
  const words = ['measure', '--dashboard', '--folder', folder, '--', ...command]
  return new TandemError({
    code: 'script-from-page',
    message: `a page can only start the script that was named in a terminal or in a dialog of Tandem: ${why}`,
    hint: `A dashboard for this one is started in a terminal: ${commandLine(words)}`,
  })
}
