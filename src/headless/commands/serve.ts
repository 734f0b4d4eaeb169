import { Command, Option } from 'commander'
import { presetNames } from '../../shared/domain/presets.js'
import type { CommandIo } from '../command-io.js'
import { addMachineOptions, type MachineFlags } from '../machine-options.js'
import { hostName, wholeNumber } from '../option-parsers.js'
import { assertExposureIsMeant } from '../serve/exposure.js'
import { runWebDashboard } from '../serve/web-dashboard.js'
import { hostOrServe } from './agent.js'

const examples = `
Examples:
  tandem serve                        http://127.0.0.1:6017, opened in a browser if there is one
  tandem serve --no-open --port 8080  prints the address only
  ssh -L 6017:127.0.0.1:6017 SERVER   reaches a dashboard on a server without exposing it, with the same port
                                      at both ends
  tandem serve --allow-host bench.example.com
                                      for your own reverse proxy, called by this name; it must forward the
                                      name (Host) and pass WebSockets through. Everyone it lets in still
                                      needs a login address`

interface ServeFlags {
  host: string
  port?: number
  allowRemote?: boolean
  allowHost: string[]
  open: boolean
  run?: (typeof presetNames)[number] | false
}

/** `tandem serve`: the dashboard in a browser, until it is interrupted. */
export function serveCommand(io: CommandIo, onExitCode: (code: number) => void): Command {
  const command = new Command('serve')
    .description('serve the dashboard to a browser')
    .addHelpText('after', examples)
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .addOption(
      new Option('--port <number>', 'default: 6017, or any free port if that is taken').argParser(
        wholeNumber(0, 65_535),
      ),
    )
    .option('--allow-remote', 'let other machines reach it; needs --host')
    .addOption(
      new Option('--allow-host <name>', 'also answer under this name, for your own proxy; repeatable')
        .argParser((text: string, names: string[]) => [...names, hostName(text)])
        .default([], 'none'),
    )
    .option('--no-open', 'print the address and open no browser')
    .addOption(new Option('--run <preset>', 'start this benchmark at once').choices(presetNames))
    .option('--no-run', 'start no benchmark, not even the first one')
  return addMachineOptions(command).action(
    async ({ host, port, allowRemote, allowHost, open, run, ...flags }: ServeFlags & MachineFlags) => {
      const rendezvous = await hostOrServe(flags, {}, io, onExitCode)
      if (rendezvous === 'served') return
      assertExposureIsMeant(host, allowRemote === true)
      await runWebDashboard(io, {
        host,
        port: port ?? null,
        allowedHosts: allowHost,
        opensBrowser: open,
        run: run ?? 'first',
        rendezvous,
      })
    },
  )
}
