import { resolve } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { ResultsFile } from '../../core/results/results-file.js'
import { assertStartable } from '../../core/script/prepare-script.js'
import { launcherOf } from '../../core/script/script-command.js'
import { TandemError } from '../../shared/errors.js'
import {
  type ScriptDeviceKind,
  scriptDefaults,
  scriptDeviceKinds,
} from '../../shared/script/offered-script.js'
import { launchers, type Script, scriptLimits } from '../../shared/script/script.js'
import { configurationOf } from '../../shared/script/script-configuration.js'
import { allowedWorlds, readWorlds } from '../../shared/script/worlds.js'
import type { CommandIo } from '../command-io.js'
import { addMachineOptions, type MachineFlags } from '../machine-options.js'
import { positiveNumber, wholeNumber } from '../option-parsers.js'
import { addOutputOptions } from '../run-options.js'
import { runWebDashboard } from '../serve/web-dashboard.js'
import { hostOrServe } from './agent.js'
import { benchmark } from './benchmark.js'
import { withValidity } from './run.js'

const examples = `
Examples:
  tandem measure -- python train.py --epochs 100
  tandem measure --devices 1,2,4 --repeats 5 -- python -m my.train
  tandem measure --devices 1,2 -- torchrun --standalone --nproc-per-node {world_size} train.py
  tandem measure --dashboard -- python train.py
  tandem measure --global-batch 256 -- python train.py --batch-size {per_device_batch}
  tandem measure --nnodes 2 --node-rank 0 --rdzv-endpoint 10.0.0.1:29500 --rdzv-secret-file ~/tandem-secret -- python train.py

The script is not changed. It runs as it is typed, once for each number of ranks and repeat, until enough steps were measured.
Over several machines the same is typed on each, and Tandem starts the ranks.
In the command {world_size}, {per_device_batch} and {global_batch} stand for the numbers of each measurement.
Exit codes: 0 measured, 1 something failed, 2 bad usage, 130 stopped.`

interface MeasureFlags extends MachineFlags {
  devices: number[]
  deviceKind: ScriptDeviceKind
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
  dashboard?: boolean
  port?: number
  open: boolean
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
        .default([...scriptDefaults.worlds], scriptDefaults.worlds.join(','))
        .argParser(deviceCounts),
    )
    .addOption(
      new Option('--repeats <number>', 'how often, in random order')
        .default(scriptDefaults.repeats)
        .argParser(wholeNumber(1, 100)),
    )
    .addOption(
      new Option('--steps <number>', 'optimizer steps to measure')
        .default(scriptDefaults.steps)
        .argParser(wholeNumber(1, scriptLimits.steps)),
    )
    .addOption(
      new Option('--warm-up <number>', 'steps before them')
        .default(scriptDefaults.warmUpSteps)
        .argParser(wholeNumber(1, scriptLimits.warmUpSteps)),
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
    .addOption(
      new Option('--seed <number>', 'of the random order')
        .default(scriptDefaults.seed)
        .argParser(wholeNumber(0)),
    )
    .optionsGroup('Start:')
    .addOption(
      new Option(
        '--launcher <who>',
        'who starts the ranks (default: the command where it is a launcher or has {world_size}, else tandem)',
      ).choices(launchers),
    )
    .addOption(new Option('--device-kind <kind>', 'on what').choices(scriptDeviceKinds).default('auto'))
    .addOption(
      new Option('--start-limit <seconds>', 'how long it may take until its first step')
        .default(scriptDefaults.startSeconds)
        .argParser(positiveNumber),
    )
    .option('--scratch', 'run each time in a temporary copy of the folder, large data left in place')
    .option('--folder <folder>', 'where the command is run', '.')
    .option(
      '--python <file>',
      'a Python for files of Python (default: the one beside the launcher, the activated one, the one on PATH)',
    )
    .optionsGroup('Dashboard:')
    .addOption(
      new Option(
        '--dashboard',
        'choose the numbers in the dashboard and watch it there; its pages can start this command and no other',
      ).conflicts(['outputFile', 'json', 'nnodes']),
    )
    .addOption(
      new Option('--port <number>', 'of the dashboard (default: 6017, or any free port)')
        .argParser(wholeNumber(0, 65_535))
        .implies({ dashboard: true }),
    )
    .option('--no-open', 'print the dashboard’s address and open no browser')
  addMachineOptions(command)
  addOutputOptions(command, 'results.json')
  return command.action(async (words: string[], flags: MeasureFlags) => {
    const script = scriptFrom(words, flags)
    const { repeats, seed, deviceKind, python } = flags
    if (flags.dashboard === true) {
      assertStartable(script)
      const offeredScript = { script, repeats, seed, deviceKind, python: python ?? null }
      await runWebDashboard(io, {
        ...{ host: '127.0.0.1', port: flags.port ?? null, allowedHosts: [], opensBrowser: flags.open },
        ...{ run: false, offeredScript },
      })
      return
    }
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

/** `1,2,4`, in ascending order, each once. */
function deviceCounts(text: string): number[] {
  const worlds = readWorlds(text)
  if (worlds !== null) return worlds
  throw new InvalidArgumentError(`Allowed: ${allowedWorlds}.`)
}
