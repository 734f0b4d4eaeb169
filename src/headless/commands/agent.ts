import { Command, Option } from 'commander'
import { childEnvironment } from '../../core/child/child-program.js'
import { spawnNodeChild } from '../../core/child/node-child.js'
import { spawnSocketChild } from '../../core/child/socket-child.js'
import { dataFolder } from '../../core/data/data-folder.js'
import { sweepLeftovers } from '../../core/leftovers/sweep-leftovers.js'
import { runAgent } from '../../core/machines/agent.js'
import type { OwnMachine } from '../../core/machines/agent-programs.js'
import { prepareMachine } from '../../core/machines/prepare-machine.js'
import {
  notOfOneKind,
  type OwnScript,
  prepareScriptMachine,
} from '../../core/machines/prepare-script-machine.js'
import type { Rendezvous } from '../../core/machines/rendezvous.js'
import { makeSecretFile } from '../../core/machines/secret-file.js'
import { assertOverMachines } from '../../core/script/prepare-script.js'
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
tandem run, ddp and serve where --node-rank is not 0: one command for every machine. A script of
yours is run by no agent but one that was started as tandem measure with the same command.
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

/** What an agent takes of its own command line. */
export interface AgentMeans extends Pick<AgentFlags, 'dataDir' | 'devices' | 'python' | 'tensorflowDir'> {
  /** The one script that it runs, and no training of Tandem's then. */
  script?: OwnScript
}

/**
 * Where a command stands among several machines: null for one machine alone, and for node 0 its rendezvous. Every other node
 * becomes an agent here, which `onExitCode` hears of at its end; then it is `'served'`.
 *
 * Throws as `rendezvousFrom`, and what is wrong with the start of an agent.
 */
export async function hostOrServe(
  flags: MachineFlags,
  means: AgentMeans,
  io: CommandIo,
  onExitCode: (code: number) => void,
): Promise<Rendezvous | null | 'served'> {
  const rendezvous = await rendezvousFrom(flags, io.environment)
  if (rendezvous === null || rendezvous.nodeRank === 0) return rendezvous
  if (means.script !== undefined) assertOverMachines(means.script.script)
  onExitCode(await serveAsAgent(rendezvous, means, io))
  return 'served'
}

/** Serves node 0 until it has ended. Returns the exit code; throws what is wrong with the start. */
async function serveAsAgent(rendezvous: Rendezvous, means: AgentMeans, io: CommandIo): Promise<number> {
  const { environment, installation, withInterrupt, stderr } = io
  await sweepLeftovers(dataFolder(environment))
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
        prepare: preparer(rendezvous, means, io, signal, () => {
          if (!isDownloading) say('CIFAR-10 is downloaded to this machine.')
          isDownloading = true
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

/** Of Tandem's own training, or of the script that this machine was told of: never of the other one. */
function preparer(
  rendezvous: Rendezvous,
  { dataDir, devices, python, tensorflowDir, script }: AgentMeans,
  { environment, installation }: CommandIo,
  signal: AbortSignal,
  onDownload: () => void,
): OwnMachine['prepare'] {
  const { nodes, interfaceName } = rendezvous
  const { resourcesDirectory, version: tandemVersion } = installation
  const found = { environment, resourcesDirectory, tandemVersion }
  return async (wish) => {
    if (wish.isOfScript !== (script !== undefined)) throw notOfOneKind(wish.isOfScript)
    return script === undefined
      ? await prepareMachine(wish, {
          ...found,
          ...{ tensorflowDirectory: tensorflowDir, python, signal, onDownload },
          own: { dataDir: dataDir ?? null, devices: devices ?? null, interfaceName },
        })
      : await prepareScriptMachine(wish, { ...found, own: script, nodes, interfaceName })
  }
}
