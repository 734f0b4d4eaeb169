import { type Command, Option } from 'commander'
import { collectiveNames, engineNames, precisionNames } from '../shared/domain/engines.js'
import { modelNames, stemNames } from '../shared/domain/models.js'
import { presetNames } from '../shared/presets.js'
import {
  autotuneNames,
  datasetNames,
  gradientCompressionNames,
  largestSeed,
  mostRepeats,
  type RunConfiguration,
  runConfigurationSchema,
} from '../shared/run-configuration.js'
import { scalingKinds } from '../shared/scaling.js'
import { standardStoppingRule } from '../shared/statistics/stopping-rule.js'
import { deviceRequest, positiveNumber, stepLimit, strategyList, wholeNumber } from './option-parsers.js'

/** Flags as commander hands them on: what was given; whatever was not is the preset's. */
export interface TrainingFlags {
  modelName?: RunConfiguration['modelName']
  stem?: RunConfiguration['stem']
  dataset?: RunConfiguration['dataset']
  dataDir?: string
  perGpuBatchSize?: number
  epochs?: number
  numWorkers?: number
  maxStepsPerEpoch?: number
  samplesPerEpoch?: number
  lr?: number
  seed?: number
  precision?: RunConfiguration['precision']
  devices?: string
  backend?: RunConfiguration['backend']
  collective?: RunConfiguration['collective']
  gradientCompression?: RunConfiguration['gradientCompression']
  autotune?: RunConfiguration['autotune']
  tensorflowDir?: string
  evaluate?: boolean
  outputFile: string
  json?: boolean
}

export interface RunFlags extends TrainingFlags {
  preset?: (typeof presetNames)[number]
  strategies?: RunConfiguration['strategies']
  batchSizeSingle?: number
  repeats?: number
  untilNarrow?: boolean
  scaling?: RunConfiguration['scaling']
  sweep?: boolean
  requireGpu?: boolean
}

/** What only `tandem run` knows: more than one strategy. */
export function addStrategyOptions(command: Command): Command {
  return command
    .optionsGroup('What to measure:')
    .addOption(
      new Option(
        '--preset <name>',
        'start from these values, which every other flag overrides: quick (about a minute, anywhere) or notebook',
      ).choices(presetNames),
    )
    .addOption(
      new Option('--strategies <list>', 'any of single, dp, ddp (default: all)').argParser(strategyList),
    )
    .addOption(
      new Option('--batch-size-single <images>', "Single's images a step (default: 512)").argParser(
        wholeNumber(1),
      ),
    )
    .addOption(
      new Option(
        '--repeats <number>',
        'blocks, each with every strategy once, in fresh processes (default: 1)',
      ).argParser(wholeNumber(1, mostRepeats)),
    )
    .option('--until-narrow', 'end before --repeats (then 20) once every interval is within ±2 %')
    .addOption(
      new Option(
        '--scaling <kind>',
        "weak: --per-gpu-batch-size images a device (the default); strong: Single's batch, shared among the devices",
      ).choices(scalingKinds),
    )
    .option('--sweep', 'measure DP and DDP on 2, 4, 8 ... devices too')
    .option('--require-gpu', 'fail where there are fewer than two GPUs, instead of skipping')
}

export function addModelOptions(command: Command): Command {
  return command
    .optionsGroup('Model and data:')
    .addOption(new Option('--model-name <name>', 'default: resnet18').choices(modelNames))
    .addOption(
      new Option(
        '--stem <name>',
        'how the network begins: torchvision (7x7, the default) or cifar (3x3)',
      ).choices(stemNames),
    )
    .addOption(
      new Option(
        '--dataset <name>',
        'cifar10 (the default), the 2,000-picture sample that ships with Tandem, or generated',
      ).choices(datasetNames),
    )
    .option('--data-dir <folder>', "holds CIFAR-10's binary files (default: downloaded once)")
}

export function addTrainingOptions(command: Command): Command {
  return command
    .optionsGroup('Training:')
    .addOption(
      new Option(
        '--per-gpu-batch-size <images>',
        'images a step and device of DP and DDP; the global batch is this times the devices (default: 512)',
      ).argParser(wholeNumber(1)),
    )
    .addOption(new Option('--epochs <number>', 'default: 2').argParser(wholeNumber(1)))
    .addOption(
      new Option('--num-workers <number>', 'data workers a process, 0 for none (default: 4)').argParser(
        wholeNumber(0, 256),
      ),
    )
    .addOption(
      new Option('--max-steps-per-epoch <number>', '-1 for the whole epoch (the default)').argParser(
        stepLimit,
      ),
    )
    .addOption(
      new Option('--samples-per-epoch <number>', 'equal for every strategy (default: all)').argParser(
        wholeNumber(1),
      ),
    )
    .addOption(new Option('--lr <number>', 'learning rate (default: 0.1)').argParser(positiveNumber))
    .addOption(new Option('--seed <number>', 'default: 0').argParser(wholeNumber(0, largestSeed)))
    .addOption(new Option('--precision <name>', 'default: fp32').choices(precisionNames))
    .option('--evaluate', 'measure test accuracy after each epoch, off the clock')
}

export function addDeviceOptions(command: Command): Command {
  return command
    .optionsGroup('Devices and engine:')
    .addOption(
      new Option(
        '--devices <devices>',
        'auto, cpu, cpu:N, gpu or gpu:0,1 (default: auto: GPUs if there are two, else CPU devices)',
      ).argParser(deviceRequest),
    )
    .addOption(
      new Option('--backend <name>', 'default: auto: TensorFlow if found, else WebAssembly').choices([
        'auto',
        ...engineNames,
      ]),
    )
    .addOption(
      new Option(
        '--collective <name>',
        "what DDP's ranks exchange gradients through (default: auto)",
      ).choices(collectiveNames),
    )
    .addOption(
      new Option(
        '--gradient-compression <format>',
        "what DDP's gradients are rounded to for the exchange: bf16 is half the bytes (default: none)",
      ).choices(gradientCompressionNames),
    )
    .addOption(
      new Option(
        '--autotune <mode>',
        'time the ways to compute each convolution and take the fastest: on (the default on CPU devices), off, or ' +
          'report to see the timings',
      ).choices(autotuneNames.filter((name) => name !== 'auto')),
    )
    .option('--tensorflow-dir <folder>', 'holds the TensorFlow library (default: found by itself)')
}

export function addOutputOptions(command: Command, outputFile: string): Command {
  return command
    .optionsGroup('Output:')
    .option('--output-file <file>', 'where the results go, replaced as the run proceeds', outputFile)
    .option('--json', 'print the results on standard output, everything else on standard error')
}

/** A preset with the flags that were given on top. */
export function configurationFrom(base: RunConfiguration, flags: RunFlags): RunConfiguration {
  const given: Partial<Record<keyof RunConfiguration, unknown>> = {
    strategies: flags.strategies,
    modelName: flags.modelName,
    stem: flags.stem,
    dataset: flags.dataset,
    dataDir: flags.dataDir,
    batchSizeSingle: flags.batchSizeSingle,
    perGpuBatchSize: flags.perGpuBatchSize,
    epochs: flags.epochs,
    numWorkers: flags.numWorkers,
    maxStepsPerEpoch: flags.maxStepsPerEpoch,
    samplesPerEpoch: flags.samplesPerEpoch,
    learningRate: flags.lr,
    seed: flags.seed,
    precision: flags.precision,
    devices: flags.devices,
    backend: flags.backend,
    collective: flags.collective,
    gradientCompression: flags.gradientCompression,
    repeats: flags.repeats ?? (flags.untilNarrow ? standardStoppingRule.maximumBlocks : undefined),
    untilNarrow: flags.untilNarrow,
    scaling: flags.scaling,
    sweep: flags.sweep,
    autotune: flags.autotune,
    evaluate: flags.evaluate,
    requireGpu: flags.requireGpu,
  }
  const present = Object.entries(given).filter(([, value]) => value !== undefined)
  return runConfigurationSchema.parse({ ...base, ...Object.fromEntries(present) })
}
