import type { PresetName } from '../domain/presets.js'
import { presetValues } from '../domain/settings/settings.js'
import { quickChoiceNames, type RunConfiguration } from './run-configuration.js'

/** The values of the notebook that Tandem grew from. What a run without a preset starts from, too. */
export const notebookPreset: RunConfiguration = {
  preset: 'notebook',
  ...presetValues('notebook'),
  quickChooses: [],
}

/**
 * An answer with an interval in about a minute, on the pictures that ship with Tandem. Half of Single's batch a device, so
 * that on two devices every strategy has the same global batch. How many samples an epoch has is decided at the start
 * of a run, from how fast this machine is; so is what stands in `quickChooses`: batches that fill GPUs and suit the
 * engine, and a single block where several would take over two minutes.
 */
export const quickPreset: RunConfiguration = {
  preset: 'quick',
  ...presetValues('quick'),
  quickChooses: [...quickChoiceNames],
}

export const presets: Readonly<Record<PresetName, RunConfiguration>> = {
  quick: quickPreset,
  notebook: notebookPreset,
}
