import { type PresetName, presetNames } from '../../../shared/domain/presets.js'
import { type SettingName, settingOf } from '../../../shared/domain/settings/settings.js'
import { presets } from '../../../shared/run/presets.js'
import { amountSettings, stillChosen } from '../../../shared/run/quick-choices.js'
import { type RunConfiguration, runConfigurationSchema } from '../../../shared/run/run-configuration.js'

/** The settings as they are being typed: a number may be half a number, or nothing yet. */
export type Draft = { [Name in keyof RunConfiguration]: RunConfiguration[Name] | string }

export type CheckedDraft =
  | { ok: true; configuration: RunConfiguration }
  /** What is allowed where something else stands, by setting. */
  | { ok: false; problems: Partial<Record<SettingName, string>> }

/** Whether a draft can be run, and else what is wrong with which setting. */
export function checkDraft(draft: Draft): CheckedDraft {
  const parsed = runConfigurationSchema.safeParse(draft)
  if (parsed.success) return { ok: true, configuration: parsed.data }
  const problems: Partial<Record<SettingName, string>> = {}
  for (const { path } of parsed.error.issues) {
    const name = path[0] as SettingName
    const { control, allowed } = settingOf(name).input
    // They are ticked, not typed: only none at all can be wrong.
    problems[name] ??= control === 'strategies' ? 'Choose at least one' : `Allowed: ${allowed}`
  }
  return { ok: false, problems }
}

/**
 * The draft with one setting changed. It is no preset any more, unless the change leads back to one; but quick keeps fitting
 * its time to whatever is changed, unless that is how much is trained.
 */
export function changed<Name extends SettingName>(draft: Draft, name: Name, value: Draft[Name]): Draft {
  const next = { ...draft, [name]: value }
  const preset = presetOf(next)
  if (preset !== null) return { ...next, preset, quickChooses: presets[preset].quickChooses }
  if (draft.preset !== 'quick' || amountSettings.includes(name)) {
    return { ...next, preset: 'custom', quickChooses: [] }
  }
  const choices = draft.quickChooses as RunConfiguration['quickChooses']
  return { ...next, quickChooses: stillChosen(choices, [name]) }
}

/** The preset whose values these are; null for none. */
export function presetOf(draft: Draft): PresetName | null {
  const found = presetNames.find((name) => {
    const { preset: _, quickChooses: __, ...values } = presets[name]
    return Object.entries(values).every(
      ([key, value]) => JSON.stringify(draft[key as SettingName]) === JSON.stringify(value),
    )
  })
  return found ?? null
}
