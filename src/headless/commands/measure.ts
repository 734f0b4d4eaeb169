import { resolve } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { ResultsFile } from '../../core/results/results-file.js'
import { launcherOf } from '../../core/script/script-command.js'
import { TandemError } from '../../shared/errors.js'
import { launchers, type Script } from '../../shared/script/script.js'
import { configurationOf } from '../../shared/script/script-configuration.js'
import type { CommandIo } from '../command-io.js'
import { addMachineOptions, type MachineFlags } from '../machine-options.js'
import { positiveNumber, wholeNumber } from '../option-parsers.js'
import { addOutputOptions } from '../run-options.js'
import { hostOrServe } from './agent.js'
import { benchmark } from './benchmark.js'
import { withValidity } from './run.js'

const examples = `
Examples:
  tandem measure -- python train.py --epochs 100
  tandem measure --devices 1,2,4 --repeats 5 -- python -m my.train
  tandem measure --devices 1,2 -- torchrun --standalone --nproc-per-node {world_size} train.py
  tandem measure --global-batch 256 -- python train.py --batch-size {per_device_batch}
  tandem measure --nnodes 2 --node-rank 0 --rdzv-endpoint 10.0.0.1:29500 --rdzv-secret-file ~/tandem-secret -- python train.py

The script is not changed. It runs as it is typed, once for each number of ranks and repeat, until enough steps were measured.
Over several machines the same is typed on each, and Tandem starts the ranks.
In the command {world_size}, {per_device_batch} and {global_batch} stand for the numbers of each measurement.
Exit codes: 0 measured, 1 something failed, 2 bad usage, 130 stopped.`

interface MeasureFlags extends MachineFlags {
  devices: number[]
  deviceKind: 'auto' | 'cpu' | 'gpu'
  repeats: number
  steps: number
  warmUp: number
  perDeviceBatch?: number
  globalBatch?: number
  launcher?: Script['launcher']
  startLimit: number
  seed: number
  folder: string
  scratch?: boolean
  python?: string
  outputFile: string
  json?: boolean
}

/** `tandem measure`: a training script of somebody's, unchanged, on several numbers of devices. */
export function measureCommand(io: CommandIo, onExitCode: (code: number) => void): Command {
  const command = new Command('measure')
    .description('measure your own PyTorch training script, unchanged: does it scale, and why not?')
    .argument('<command...>', 'the script as you start it, after --')
    .usage('[options] -- COMMAND...')
    .addHelpText('after', examples)
    .optionsGroup('Plan:')
    .addOption(
      new Option('--devices <numbers>', 'how many ranks, one device each')
        .default([1, 2], '1,2')
        .argParser(deviceCounts),
    )
    .addOption(
      new Option('--repeats <number>', 'how often, in random order')
        .default(3)
        .argParser(wholeNumber(1, 100)),
    )
    .addOption(
      new Option('--steps <number>', 'optimizer steps to measure')
        .default(40)
        .argParser(wholeNumber(1, 100_000)),
    )
    .addOption(
      new Option('--warm-up <number>', 'steps before them').default(5).argParser(wholeNumber(1, 10_000)),
    )
    .addOption(
      new Option(
        '--per-device-batch <number>',
        'for {per_device_batch}: the same a rank (weak scaling)',
      ).argParser(wholeNumber(1)),
    )
    .addOption(
      new Option('--global-batch <number>', 'for {per_device_batch}: shared among the ranks (strong scaling)')
        .argParser(wholeNumber(1))
        .conflicts('perDeviceBatch'),
    )
    .addOption(new Option('--seed <number>', 'of the random order').default(0).argParser(wholeNumber(0)))
    .optionsGroup('Start:')
    .addOption(
      new Option(
        '--launcher <who>',
        'who starts the ranks (default: the command where it is a launcher or has {world_size}, else tandem)',
      ).choices(launchers),
    )
    .addOption(new Option('--device-kind <kind>', 'on what').choices(['auto', 'cpu', 'gpu']).default('auto'))
    .addOption(
      new Option('--start-limit <seconds>', 'how long it may take until its first step')
        .default(600)
        .argParser(positiveNumber),
    )
    .option('--scratch', 'run each time in a temporary copy of the folder, large data left in place')
    .option('--folder <folder>', 'where the command is run', '.')
    .option(
      '--python <file>',
      'a Python for files of Python (default: the one beside the launcher, the activated one, the one on PATH)',
    )
  addMachineOptions(command)
  addOutputOptions(command, 'results.json')
  return command.action(async (words: string[], flags: MeasureFlags) => {
    const { deviceKind, python, repeats, seed } = flags
    const script = scriptFrom(words, flags)
    const rendezvous = await hostOrServe(flags, { script: { script, deviceKind, python } }, io, onExitCode)
    if (rendezvous === 'served') return
    const configuration = configurationOf(script, { repeats, seed, deviceKind })
    const output = await ResultsFile.open(flags.outputFile)
    const toJson = flags.json === true ? withValidity : undefined
    onExitCode(
      await benchmark(
        {
          ...{ configuration, tensorflowDirectory: undefined, python, output, toJson },
          ...(rendezvous !== null && { rendezvous }),
        },
        io,
      ),
    )
  })
}

function scriptFrom(command: string[], flags: MeasureFlags): Script {
  if (command[0] === '') {
    throw new TandemError({
      code: 'usage',
      message: 'the command is empty',
      hint: 'Name it after --, as you start it.',
    })
  }
  return {
    command,
    folder: resolve(flags.folder),
    worlds: flags.devices,
    isInScratch: flags.scratch === true,
    launcher: flags.launcher ?? launcherOf(command),
    steps: flags.steps,
    warmUpSteps: flags.warmUp,
    perDeviceBatch: flags.perDeviceBatch ?? null,
    globalBatch: flags.globalBatch ?? null,
    startSeconds: flags.startLimit,
  }
}

/** As many as a sweep has devices. */
const mostRanks = 64

/** `1,2,4`, in ascending order, each once. */
function deviceCounts(text: string): number[] {
  const words = text.split(',').map((word) => word.trim())
  if (words.every((word) => /^[1-9]\d?$/.test(word) && Number(word) <= mostRanks)) {
    return [...new Set(words.map(Number))].sort((a, b) => a - b)
  }
  throw new InvalidArgumentError(`Allowed: numbers of ranks up to ${mostRanks}, such as 1,2,4.`)
}
