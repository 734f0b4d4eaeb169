import type { SettingInput } from './input.js'

/** The groups of help and form, in their order. */
export const settingGroups = {
  plan: 'Plan',
  data: 'Model and data',
  training: 'Training',
  devices: 'Devices and engine',
} as const

export type SettingGroup = keyof typeof settingGroups

/** One choice that a person has in a run, with all that is said of it anywhere. */
export interface Setting<Value> {
  group: SettingGroup
  /** Its name in a form, a comparison, a report. */
  label: string
  /** `--model-name`; null for what Tandem reads in results but lets nobody choose. */
  flag: string | null
  /** For help and form: what it does, without its default. */
  help: string
  /** What one of it is: `images`; null where the label says it. */
  unit: string | null
  input: SettingInput<Value>
  /** The notebook's value, from which a run without a preset starts too. */
  notebook: Value
  /** Quick's value, where it is another one. */
  quick?: Value
  /** What results mean that are older than the setting. */
  absent?: Value
  /** Whether there must be several strategies: `tandem ddp`, which has one, does not know it. */
  isOfComparison?: true
  /**
   * What it means when two runs differ in it: images/s can differ for it; it is told and explains nothing; or nothing is
   * said, since how it turned out is told instead.
   */
  difference: 'speed' | 'told' | 'silent'
  /**
   * There where runs that differ in it did other work and must not be compared: the value, to follow a verb, as
   * `with the cifar stem`.
   */
  otherWork?(value: Value): string
  /** What counts as the same when runs are compared, where that is not the value itself. */
  compared?(value: Value): string
  /** What stands in an empty field of a form. */
  placeholder?(draft: { preset: unknown; dataset: unknown }): string
  /** Among the few that a form asks for first; the others stand under Advanced. */
  isEssential?: true
  /** By how much a form's arrows change it. */
  step?: number
}

/** A row of the table: the type of the value is that of its input, and all else is held against it. */
export function setting<Value>(
  facts: Setting<NoInfer<Value>> & { input: SettingInput<Value> },
): Setting<Value> {
  return facts
}
