import type { z } from 'zod'
import type { PresetName } from '../presets.js'
import { dataSettings } from './data.js'
import { deviceSettings } from './devices.js'
import { planSettings } from './plan.js'
import type { Setting } from './setting.js'
import { trainingSettings } from './training.js'

/**
 * Every setting of a run, once: the configuration's schema, the presets, the flags, the form, comparisons of runs and the
 * guide's table are all made of this.
 */
export const settings = {
  ...planSettings,
  ...dataSettings,
  ...trainingSettings,
  ...deviceSettings,
}

export type SettingName = keyof typeof settings

export type SettingValues = {
  [Name in SettingName]: (typeof settings)[Name] extends Setting<infer Value> ? Value : never
}

/** In the order of help and form. */
export const settingNames = Object.keys(settings) as SettingName[]

/** A setting whose value is not looked into. What is asked of it must come from the same name. */
export function settingOf(name: SettingName): Setting<unknown> {
  return settings[name] as Setting<never> as Setting<unknown>
}

/** What each setting takes, for a schema of all; a setting that older documents lack has its meaning there. */
export function settingSchemas(): { [Name in SettingName]: z.ZodType<SettingValues[Name]> } {
  const schemas = settingNames.map((name) => {
    const { input, absent } = settingOf(name)
    return [name, absent === undefined ? input.schema : input.schema.default(absent as never)]
  })
  return Object.fromEntries(schemas)
}

/** The values of a preset. */
export function presetValues(preset: PresetName): SettingValues {
  const values = settingNames.map((name) => {
    const { notebook, quick } = settingOf(name)
    return [name, preset === 'quick' && quick !== undefined ? quick : notebook]
  })
  return Object.fromEntries(values)
}
