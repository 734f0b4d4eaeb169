import { TandemError } from '../../shared/errors.js'
import { commandLine } from '../../shared/run/run-command.js'
import { type OfferedScript, unlikeOffered } from '../../shared/script/offered-script.js'
import { commandText, type Script } from '../../shared/script/script.js'

/**
 * The script that a page wants measured, as the host runs it. Whoever reaches the dashboard must not be able to run any
 * command by it, so it has to be the one that was offered; what a page may not choose is taken from there.
 *
 * Throws `script-from-page` for any other.
 */
export function scriptOfPage(wanted: Script, offered: OfferedScript | null): Script {
  if (offered === null) throw refused('no script was named when this dashboard was started', wanted)
  const difference = unlikeOffered(wanted, offered.script)
  if (difference !== null) {
    throw refused(`${difference} than ${commandText(offered.script)} in ${offered.script.folder}`, wanted)
  }
  const { counts: _, ...script } = wanted
  const { command, folder, launcher, startSeconds } = offered.script
  return { ...script, command, folder, launcher, startSeconds }
}

function refused(why: string, { folder, command }: Script): TandemError {
  const words = ['measure', '--dashboard', '--folder', folder, '--', ...command]
  return new TandemError({
    code: 'script-from-page',
    message: `a page cannot start any script, only the one that was named in a terminal or a dialog of Tandem: ${why}`,
    hint: `Start a dashboard with it, in a terminal: ${commandLine(words)}`,
  })
}
