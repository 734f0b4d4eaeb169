import { Command, CommanderError } from 'commander'
import { closeLedger, keepLedger } from '../core/leftovers/ledger.js'
import { printable } from '../shared/printable.js'
import type { CommandIo } from './command-io.js'
import { exitCodeOf, exitCodes } from './exit-codes.js'
import { loadCommands } from './load-commands.js'

const examples = `
Start with:
  tandem start                 the dashboard, on the desktop or in a browser
  tandem run --preset quick    measures all three strategies within a minute
  tandem measure -- python train.py   your own training script: does it scale?
  tandem compare A B           two runs side by side, for people and for CI
  tandem history list          every run so far
  tandem report --pdf r.pdf    the latest run as a report to share
  tandem devices               what this machine has
  tandem doctor                what it can do, checked step by step
  tandem engine status         which TensorFlow is used, if any`

/**
 * The command line: runs what the arguments (without program and script) say and resolves to the exit code.
 * Never rejects; every error is one line on standard error.
 */
export async function main(args: readonly string[], io: CommandIo): Promise<number> {
  let exitCode: number = exitCodes.success
  const onExitCode = (code: number): void => {
    exitCode = code
  }
  const program = new Command('tandem')
    .description(
      'Click-to-benchmark training: one device, DataParallel and DistributedDataParallel, compared.',
    )
    .version(io.installation.version)
    .addHelpText('after', examples)
  for (const command of await loadCommands(args, io, onExitCode)) program.addCommand(command)
  speakThrough(program, io)
  // Before the first file is made, a kill of this process may be the next thing that happens.
  program.hook('preAction', async () => {
    const { assertUserFolders, userFolder } = await import('../core/user-folders.js')
    assertUserFolders(io.environment)
    keepLedger(userFolder('data', io.environment))
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      if (thrown.exitCode === 0) return exitCodes.success
      if (thrown.code !== 'commander.help')
        io.stderr.write(`tandem: ${await usageProblem(thrown, args, io, program)}\n`)
      return exitCodes.badUsage
    }
    if (isAbort(thrown)) {
      io.stderr.write('tandem: stopped\n')
      return exitCodes.interrupted
    }
    const [{ toErrorReport }, { errorLine }] = await Promise.all([
      import('../shared/errors.js'),
      import('./error-line.js'),
    ])
    const error = toErrorReport(thrown)
    io.stderr.write(errorLine(error))
    return exitCodeOf(error)
  } finally {
    closeLedger()
  }
}

/** Commander neither passes these settings on to added commands, nor throws by itself. */
function speakThrough(command: Command, io: CommandIo): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => void io.stdout.write(text),
    writeErr: (text) => void io.stderr.write(text),
    // Said where it is caught, with what was most likely meant.
    outputError() {},
  })
  for (const subcommand of command.commands) speakThrough(subcommand, io)
}

/** Loaded only where something is wrong: with all commands, one of which may have been meant. */
async function usageProblem(
  error: CommanderError,
  args: readonly string[],
  io: CommandIo,
  program: Command,
): Promise<string> {
  const { explainUsage } = await import('./meaning/likely-meaning.js')
  const commands = await loadCommands([], io, () => {})
  const operands = program.commands.find((command) => command.name() === args[0])?.args ?? []
  return printable(explainUsage(error, args, commands, operands))
}

function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'AbortError'
}
