import type { RunConfiguration } from './run-configuration.js'

type Choice = RunConfiguration['quickChooses'][number]

/** What quick aims at for each of several blocks. */
export const blockBudgetMs = 20_000

/** The settings that each of quick's choices is about; whoever sets one has made the choice. */
const settingsOf = {
  repeats: ['repeats', 'untilNarrow'],
  batch: ['batchSizeSingle', 'perGpuBatchSize'],
} as const satisfies Record<Choice, readonly (keyof RunConfiguration)[]>

/** The settings of how much is trained: who sets one of these gets that amount, and no time is fitted. */
export const amountSettings: readonly string[] = [
  'samplesPerEpoch',
  'maxStepsPerEpoch',
] satisfies readonly (keyof RunConfiguration)[]

/** What of `choices` is left to quick once these settings were made by hand. */
export function stillChosen(choices: readonly Choice[], settings: readonly string[]): Choice[] {
  return choices.filter((choice) => !settingsOf[choice].some((setting) => settings.includes(setting)))
}
