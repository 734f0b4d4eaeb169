/** Named sets of values that a run can start from. */
export const presetNames = ['quick', 'notebook'] as const

export type PresetName = (typeof presetNames)[number]

export const presetTitles: Readonly<Record<PresetName | 'custom', string>> = {
  quick: 'Quick',
  notebook: 'Notebook',
  custom: 'Custom',
}
