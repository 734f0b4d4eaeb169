import { type PresetName, presets } from '../../../shared/presets.js'
import { type RunConfiguration, runConfigurationSchema } from '../../../shared/run-configuration.js'

/** The settings as they are being typed: a number may be half a number, or nothing yet. */
export type Draft = { [Name in keyof RunConfiguration]: RunConfiguration[Name] | string }

export type SettingName = keyof RunConfiguration

export type CheckedDraft =
  | { ok: true; configuration: RunConfiguration }
  /** What is allowed where something else stands, by setting. */
  | { ok: false; problems: Partial<Record<SettingName, string>> }

const wholeFromOne = 'Allowed: whole numbers from 1'

/** What each setting takes, in words; what is not here cannot be typed wrong. */
const allowed: Partial<Record<SettingName, string>> = {
  strategies: 'Choose at least one',
  batchSizeSingle: wholeFromOne,
  perGpuBatchSize: wholeFromOne,
  epochs: wholeFromOne,
  numWorkers: 'Allowed: whole numbers from 0',
  maxStepsPerEpoch: 'Allowed: whole numbers from 1, or -1 for the whole epoch',
  samplesPerEpoch: 'Allowed: whole numbers from 1, or nothing for the whole data set',
  learningRate: 'Allowed: numbers above 0',
  seed: 'Allowed: whole numbers from 0 to 4,294,967,295',
  devices: 'Allowed: auto, cpu, cpu:N, gpu or gpu:0,1',
}

/** Whether a draft can be run, and else what is wrong with which setting. */
export function checkDraft(draft: Draft): CheckedDraft {
  const parsed = runConfigurationSchema.safeParse(draft)
  if (parsed.success) return { ok: true, configuration: parsed.data }
  const problems: Partial<Record<SettingName, string>> = {}
  for (const { path, message } of parsed.error.issues) {
    const name = path[0] as SettingName
    problems[name] ??= allowed[name] ?? message
  }
  return { ok: false, problems }
}

/** The draft with one setting changed. It is no preset any more, unless the change leads back to one. */
export function changed<Name extends SettingName>(draft: Draft, name: Name, value: Draft[Name]): Draft {
  const next = { ...draft, [name]: value }
  const preset = presetOf(next)
  return { ...next, preset: preset ?? 'custom' }
}

/** The preset whose values these are; null for none. */
export function presetOf(draft: Draft): PresetName | null {
  const names = Object.keys(presets) as PresetName[]
  const found = names.find((name) => {
    const { preset: _, ...values } = presets[name]
    return Object.entries(values).every(
      ([key, value]) => JSON.stringify(draft[key as SettingName]) === JSON.stringify(value),
    )
  })
  return found ?? null
}
