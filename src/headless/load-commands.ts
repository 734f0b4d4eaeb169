import type { Command } from 'commander'
import type { CommandIo } from './command-io.js'

type LoadCommand = (io: CommandIo, onExitCode: (code: number) => void) => Promise<Command>

/** In the order of the help. */
const commands: Readonly<Record<string, LoadCommand>> = {
  start: async (io, onExitCode) => (await import('./commands/start.js')).startCommand(io, onExitCode),
  run: async (io, onExitCode) => (await import('./commands/run.js')).runCommand(io, onExitCode),
  measure: async (io, onExitCode) => (await import('./commands/measure.js')).measureCommand(io, onExitCode),
  ddp: async (io, onExitCode) => (await import('./commands/ddp.js')).ddpCommand(io, onExitCode),
  agent: async (io, onExitCode) => (await import('./commands/agent.js')).agentCommand(io, onExitCode),
  compare: async (io, onExitCode) => (await import('./commands/compare.js')).compareCommand(io, onExitCode),
  history: async (io) => (await import('./commands/history.js')).historyCommand(io),
  report: async (io, onExitCode) => (await import('./commands/report.js')).reportCommand(io, onExitCode),
  serve: async (io, onExitCode) => (await import('./commands/serve.js')).serveCommand(io, onExitCode),
  devices: async (io) =>
    (await import('./commands/devices.js')).devicesCommand(
      io.environment,
      io.installation.resourcesDirectory,
    ),
  doctor: async (io, onExitCode) => (await import('./commands/doctor.js')).doctorCommand(io, onExitCode),
  engine: async () => (await import('./commands/engine.js')).engineCommand(),
}

/**
 * The commands that these arguments need: the one that they name, none where the version is asked for, and all of them
 * for the help or where none is named, so that what was meant can be suggested. What is not loaded costs no time.
 */
export async function loadCommands(
  args: readonly string[],
  io: CommandIo,
  onExitCode: (code: number) => void,
): Promise<Command[]> {
  const [first = ''] = args
  const isVersion = first === '--version' || first === '-V'
  const named = commands[first] === undefined ? Object.values(commands) : [commands[first]]
  return Promise.all((isVersion ? [] : named).map((load) => load(io, onExitCode)))
}
