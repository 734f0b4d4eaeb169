import { strategyNames } from './domain/strategies.js'
import type { RunConfiguration } from './run-configuration.js'

export const presetNames = ['quick', 'notebook'] as const
export type PresetName = (typeof presetNames)[number]

/** The values of the notebook that Tandem grew from. What a run without a preset starts from, too. */
export const notebookPreset: RunConfiguration = {
  preset: 'notebook',
  strategies: [...strategyNames],
  modelName: 'resnet18',
  stem: 'torchvision',
  dataset: 'cifar10',
  dataDir: null,
  batchSizeSingle: 512,
  perGpuBatchSize: 512,
  epochs: 2,
  numWorkers: 4,
  maxStepsPerEpoch: -1,
  samplesPerEpoch: null,
  learningRate: 0.1,
  momentum: 0.9,
  weightDecay: 5e-4,
  seed: 0,
  precision: 'fp32',
  devices: 'auto',
  backend: 'auto',
  collective: 'auto',
  gradientCompression: 'none',
  repeats: 1,
  untilNarrow: false,
  scaling: 'weak',
  sweep: false,
  autotune: 'auto',
  evaluate: false,
  requireGpu: false,
}

/**
 * A first impression within a minute on any machine, on the pictures that ship with Tandem. Small batches,
 * so that the slowest engine makes several steps an epoch; half of Single's a device, so that on two devices
 * every strategy has the same global batch. How many samples an epoch has is measured at the start of a run.
 */
export const quickPreset: RunConfiguration = {
  ...notebookPreset,
  preset: 'quick',
  dataset: 'sample',
  batchSizeSingle: 64,
  perGpuBatchSize: 32,
  numWorkers: 1,
  learningRate: 0.005,
}

export const presets: Readonly<Record<PresetName, RunConfiguration>> = {
  quick: quickPreset,
  notebook: notebookPreset,
}
