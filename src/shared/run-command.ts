import { notebookPreset, presets } from './presets.js'
import type { RunConfiguration } from './run-configuration.js'
import { standardStoppingRule } from './statistics/stopping-rule.js'

type Setting = keyof RunConfiguration

/** The flag of each setting that has one; `src/headless/run-options.ts` reads them. */
const flags = {
  strategies: '--strategies',
  modelName: '--model-name',
  stem: '--stem',
  dataset: '--dataset',
  dataDir: '--data-dir',
  batchSizeSingle: '--batch-size-single',
  perGpuBatchSize: '--per-gpu-batch-size',
  epochs: '--epochs',
  numWorkers: '--num-workers',
  maxStepsPerEpoch: '--max-steps-per-epoch',
  samplesPerEpoch: '--samples-per-epoch',
  learningRate: '--lr',
  seed: '--seed',
  precision: '--precision',
  devices: '--devices',
  backend: '--backend',
  collective: '--collective',
  gradientCompression: '--gradient-compression',
  autotune: '--autotune',
  repeats: '--repeats',
  untilNarrow: '--until-narrow',
  scaling: '--scaling',
  sweep: '--sweep',
  evaluate: '--evaluate',
  requireGpu: '--require-gpu',
} as const satisfies Partial<Record<Setting, string>>

/**
 * The arguments of `tandem` that measure with this configuration again: its preset, and a flag for each setting that
 * differs from it.
 */
export function runArguments(configuration: RunConfiguration): string[] {
  const { preset } = configuration
  const base = baseOf(configuration)
  const settings = Object.entries(flags) as [keyof typeof flags, string][]
  return [
    'run',
    ...(preset === 'custom' ? [] : ['--preset', preset]),
    ...settings.flatMap(([setting, flag]) => {
      const value = configuration[setting]
      if (String(value) === String(base[setting])) return []
      return value === true ? [flag] : [flag, String(value)]
    }),
  ]
}

/** Settings of a configuration that no flag can choose, as `momentum 0.8`; empty but for runs of other programs. */
export function settingsWithoutFlag(configuration: RunConfiguration): string[] {
  const base = baseOf(configuration)
  const others = [
    ['momentum', configuration.momentum, base.momentum],
    ['weight decay', configuration.weightDecay, base.weightDecay],
  ] as const
  return others.flatMap(([title, value, usual]) => (value === usual ? [] : [`${title} ${value}`]))
}

/** As a person types it into a POSIX shell. */
export function commandLine(args: readonly string[]): string {
  return ['npx', 'tandem', ...args.map(quote)].join(' ')
}

/** What the command line starts from, before flags. */
function baseOf({ preset, untilNarrow }: RunConfiguration): RunConfiguration {
  const base = preset === 'custom' ? notebookPreset : presets[preset]
  return untilNarrow ? { ...base, repeats: standardStoppingRule.maximumBlocks } : base
}

function quote(word: string): string {
  return /^[\w./:,@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
