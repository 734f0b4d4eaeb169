import { Command, Option } from 'commander'
import { presetNames } from '../../shared/domain/presets.js'
import type { RunWish } from '../../shared/run/run-wish.js'
import type { CommandIo } from '../command-io.js'
import { startTandem } from '../start/start-tandem.js'

const help = `
The desktop where there is a screen and Electron, a browser where there is not; without a terminal, and where CI is
set, the quick benchmark to its end. One line says which, and why.`

/** `tandem start`: what `npm start` does once the clone is set up. */
export function startCommand(io: CommandIo, onExitCode: (code: number) => void): Command {
  return new Command('start')
    .description('open the dashboard on the desktop or in a browser')
    .addHelpText('after', help)
    .addOption(new Option('--run <preset>', 'start this benchmark at once').choices(presetNames))
    .option('--no-run', 'start no benchmark, not even the first one')
    .action(async ({ run }: { run?: RunWish }) => onExitCode(await startTandem(io, run ?? 'first')))
}
