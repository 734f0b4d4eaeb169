import type { PresetName } from './domain/presets.js'
import { presetValues } from './domain/settings/settings.js'
import type { RunConfiguration } from './run-configuration.js'

/** The values of the notebook that Tandem grew from. What a run without a preset starts from, too. */
export const notebookPreset: RunConfiguration = { preset: 'notebook', ...presetValues('notebook') }

/**
 * A first impression within a minute on any machine, on the pictures that ship with Tandem. Small batches,
 * so that the slowest engine makes several steps an epoch; half of Single's a device, so that on two devices
 * every strategy has the same global batch. How many samples an epoch has is measured at the start of a run.
 */
export const quickPreset: RunConfiguration = { preset: 'quick', ...presetValues('quick') }

export const presets: Readonly<Record<PresetName, RunConfiguration>> = {
  quick: quickPreset,
  notebook: notebookPreset,
}
