import { Command, InvalidArgumentError, Option } from 'commander'
import { argumentParser, positiveNumber, wholeNumber } from '../../src/headless/option-parsers.js'
import { settings } from '../../src/shared/domain/settings/settings.js'
import { type Isa, isaNames } from './isa.js'
import { type PyTorchMode, pytorchModes } from './measure/pytorch-training.js'
import { type RowName, rowNames } from './rows.js'
import { type SectionName, sectionNames } from './suite.js'

export interface BenchOptions {
  only: SectionName[]
  /** Undefined leaves it to the effort. */
  pairs: number | undefined
  rows: RowName[] | undefined
  peers: PyTorchMode[] | undefined
  /** Timed steps of a training process. */
  steps: number | undefined
  /** How often a case is measured before it is kept although other programs were busy meanwhile. */
  tries: number
  quick: boolean
  seed: number
  peerPython: string
  tensorflowDir: string | undefined
  outputFile: string
  /** Go on with what the output file has. */
  continue: boolean
  /** The largest instruction set that both sides may use; undefined for all that the processor has. */
  isa: Isa | undefined
  /** Begin no block later than this; undefined for no limit. */
  maxMinutes: number | undefined
}

/** Reads `npm run bench -- ...`; ends the process after `--help` and on bad usage, as commander does. */
export function parseOptions(argv: readonly string[]): BenchOptions {
  const command = new Command('npm run bench --')
    .description('Measures Tandem beside PyTorch, interleaved, and writes a table, JSON and a chart.')
    .addOption(
      new Option('--only <sections>', `any of ${sectionNames.join(',')}`)
        .default([...sectionNames], 'all')
        .argParser((text) => listOf(sectionNames, text)),
    )
    .addOption(
      new Option(
        '--pairs <n>',
        'blocks of training, each with every case once (default: 5; quick: 2)',
      ).argParser(wholeNumber(1, 1000)),
    )
    .addOption(
      new Option('--rows <rows>', `of training, any of ${rowNames.join(',')} (default: all)`).argParser(
        (text) => listOf(rowNames, text),
      ),
    )
    .addOption(
      new Option(
        '--peers <ways>',
        `how PyTorch runs, any of ${pytorchModes.join(',')} (default: all; quick: the first two)`,
      ).argParser((text) => listOf(pytorchModes, text)),
    )
    .addOption(
      new Option('--steps <n>', 'timed steps of a training process (default: by its row)').argParser(
        wholeNumber(1, 1000),
      ),
    )
    .addOption(
      new Option('--tries <n>', 'how often a case is measured that other programs disturb')
        .default(4)
        .argParser(wholeNumber(1, 10)),
    )
    .option('--quick', 'a few minutes: fewer pairs and steps, torchvision stem only', false)
    .addOption(
      new Option('--seed <n>', 'of the random order')
        .default(0)
        .argParser(argumentParser(settings.seed.input)),
    )
    .addOption(
      new Option('--isa <set>', 'hold both sides to an instruction set; proved by one step of each').choices(
        isaNames,
      ),
    )
    .option('--peer-python <python>', 'a Python with torch and torchvision', 'python3')
    .option('--tensorflow-dir <folder>', 'the folder that holds the TensorFlow library')
    .option('--output-file <file>', 'JSON; the chart lies beside it, as .svg', 'bench-results.json')
    .option('--continue', 'go on with the blocks that the output file does not have yet', false)
    .addOption(new Option('--max-minutes <n>', 'begin no block later than this').argParser(positiveNumber))
    .allowExcessArguments(false)
  return command.parse([...argv]).opts<BenchOptions>()
}

/** Those that `text` names, joined by commas: each once, in the order of `names`. */
export function listOf<Name extends string>(names: readonly Name[], text: string): Name[] {
  const wanted = text.split(',').map((name) => name.trim())
  if (wanted.some((name) => !names.includes(name as Name))) {
    throw new InvalidArgumentError(`Allowed: ${names.join(', ')}, joined by commas.`)
  }
  return names.filter((name) => wanted.includes(name))
}
