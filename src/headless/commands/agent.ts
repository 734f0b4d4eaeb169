import { Command, Option } from 'commander'
import { childEnvironment } from '../../core/child/child-program.js'
import { spawnNodeChild } from '../../core/child/node-child.js'
import { spawnSocketChild } from '../../core/child/socket-child.js'
import { dataFolder } from '../../core/data/data-folder.js'
import { sweepLeftovers } from '../../core/leftovers/sweep-leftovers.js'
import { runAgent } from '../../core/machines/agent.js'
import { type OwnChoices, prepareMachine } from '../../core/machines/prepare-machine.js'
import type { Rendezvous } from '../../core/machines/rendezvous.js'
import { makeSecretFile } from '../../core/machines/secret-file.js'
import { Telemetry } from '../../core/telemetry/telemetry.js'
import { settingOf } from '../../shared/domain/settings/settings.js'
import { TandemError } from '../../shared/errors.js'
import { printable } from '../../shared/printable.js'
import type { CommandIo } from '../command-io.js'
import { errorLine } from '../error-line.js'
import { exitCodeOf, exitCodes } from '../exit-codes.js'
import { addMachineOptions, type MachineFlags, rendezvousFrom } from '../machine-options.js'
import { argumentParser } from '../option-parsers.js'

const examples = `
Examples:
  tandem agent secret ~/tandem-secret          once; then copy the file to every machine
  tandem agent --nnodes 2 --node-rank 1 --rdzv-endpoint 10.0.0.1:29500 --rdzv-secret-file ~/tandem-secret

An agent starts trainers as node 0 tells it, and ends when node 0 does. The same happens with
tandem run and tandem ddp where --node-rank is not 0: one command for every machine.
Exit codes: 0 node 0 has ended in order, 1 something failed, 2 bad usage, 130 stopped.`

/** Rarer than the host's own: node 0 keeps the samples of all machines. */
const sampleEveryMs = 1_000

interface AgentFlags extends MachineFlags {
  dataDir?: string
  devices?: string
  python?: string
  tensorflowDir?: string
}

/** `tandem agent`: a further machine for a run that another one plans. */
export function agentCommand(io: CommandIo, onExitCode: (code: number) => void): Command {
  const { input } = settingOf('devices')
  const command = new Command('agent')
    .description('offer this machine to a run over several machines')
    .addHelpText('after', examples)
  addMachineOptions(command)
    .optionsGroup('Of this machine:')
    .option('--data-dir <folder>', 'where CIFAR-10 is on this machine')
    .addOption(
      new Option(
        '--devices <devices>',
        "where to train on this machine (default: as node 0's --devices says)",
      ).argParser(argumentParser(input)),
    )
    .option('--python <file>', 'the Python that has PyTorch')
    .option('--tensorflow-dir <folder>', 'the folder that holds libtensorflow')
  command
    .command('secret')
    .description('make a file with a new secret for a run over several machines')
    .argument('<file>', 'where; it must not be there yet')
    .action(async (file: string) => {
      io.stdout.write(`${await makeSecretFile(file)}\n`)
    })
  return command.action(async (flags: AgentFlags) => {
    const rendezvous = await rendezvousFrom(flags, io.environment)
    if (rendezvous === null || rendezvous.nodeRank === 0) {
      throw new TandemError({
        code: 'usage',
        message: 'an agent is one of several machines, and not node 0',
        hint: 'Name its place: --nnodes 2 --node-rank 1. Node 0 runs tandem run or tandem ddp.',
      })
    }
    onExitCode(await serveAsAgent(rendezvous, flags, io))
  })
}

/** Serves node 0 until it has ended. Returns the exit code; throws what is wrong with the start. */
export async function serveAsAgent(
  rendezvous: Rendezvous,
  flags: Pick<AgentFlags, 'dataDir' | 'devices' | 'python' | 'tensorflowDir'>,
  { environment, installation, withInterrupt, stderr }: CommandIo,
): Promise<number> {
  await sweepLeftovers(dataFolder(environment))
  const own: OwnChoices = {
    dataDir: flags.dataDir ?? null,
    devices: flags.devices ?? null,
    interfaceName: rendezvous.interfaceName,
  }
  const say = (text: string): void => void stderr.write(`${printable(text)}\n`)
  let isDownloading = false
  const telemetry = new Telemetry({
    spawn: spawnNodeChild,
    entry: installation.samplerEntry,
    environment: childEnvironment(environment),
    intervalMs: sampleEveryMs,
  })
  return await withInterrupt(async (signal) => {
    const lastWord = await runAgent({
      rendezvous,
      tandemVersion: installation.version,
      signal,
      onNotice: say,
      machine: {
        spawn: spawnNodeChild,
        spawnCommand: spawnSocketChild,
        entry: installation.trainerEntry,
        environment: childEnvironment(environment),
        hasMetHost: false,
        telemetry,
        prepare: (wish) =>
          prepareMachine(wish, {
            environment,
            resourcesDirectory: installation.resourcesDirectory,
            tandemVersion: installation.version,
            tensorflowDirectory: flags.tensorflowDir,
            python: flags.python,
            signal,
            own,
            onDownload: () => {
              if (!isDownloading) say('CIFAR-10 is downloaded to this machine.')
              isDownloading = true
            },
          }),
      },
    })
    if (lastWord === null) {
      say('Node 0 has ended.')
      return exitCodes.success
    }
    stderr.write(errorLine({ ...lastWord, message: `node 0: ${lastWord.message}` }))
    return exitCodeOf(lastWord)
  }).finally(() => telemetry.close())
}
