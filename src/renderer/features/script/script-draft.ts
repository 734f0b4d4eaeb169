import type { RunConfiguration } from '../../../shared/run/run-configuration.js'
import { runConfigurationSchema } from '../../../shared/run/run-configuration.js'
import type { OfferedScript, ScriptDeviceKind } from '../../../shared/script/offered-script.js'
import { scriptLimits } from '../../../shared/script/script.js'
import { configurationOf } from '../../../shared/script/script-configuration.js'
import { allowedWorlds, readWorlds } from '../../../shared/script/worlds.js'

/** Whether a batch is the script's own affair, the same for each rank, or shared among them. */
export type BatchChoice = 'script' | 'rank' | 'all'

/** What may be chosen of a script's measurement, as it is being typed. */
export interface ScriptDraft {
  worlds: string
  repeats: number | string
  steps: number | string
  warmUpSteps: number | string
  batch: BatchChoice
  batchSize: number | string
  deviceKind: ScriptDeviceKind
  isInScratch: boolean
}

export type ScriptProblems = Partial<Record<keyof ScriptDraft, string>>

export type CheckedScriptDraft =
  | { ok: true; configuration: RunConfiguration }
  | { ok: false; problems: ScriptProblems }

/** Where the form begins: with what was chosen beside the command. */
export function draftOf({ script, repeats, deviceKind }: OfferedScript): ScriptDraft {
  const { worlds, steps, warmUpSteps, perDeviceBatch, globalBatch, isInScratch } = script
  return {
    worlds: worlds.join(','),
    repeats,
    steps,
    warmUpSteps,
    batch: globalBatch !== null ? 'all' : perDeviceBatch !== null ? 'rank' : 'script',
    batchSize: globalBatch ?? perDeviceBatch ?? '',
    deviceKind,
    isInScratch,
  }
}

/** The run that a draft asks for, or what is wrong with which field. */
export function checkScriptDraft(draft: ScriptDraft, offered: OfferedScript): CheckedScriptDraft {
  const worlds = readWorlds(draft.worlds)
  const { batch, deviceKind, isInScratch } = draft
  const most = {
    repeats: 100,
    steps: scriptLimits.steps,
    warmUpSteps: scriptLimits.warmUpSteps,
    batchSize: 1e9,
  }
  const names = [
    'repeats',
    'steps',
    'warmUpSteps',
    ...(batch === 'script' ? [] : ['batchSize' as const]),
  ] as const
  const problems: ScriptProblems = worlds === null ? { worlds: `Allowed: ${allowedWorlds}` } : {}
  for (const name of names) {
    if (isWholeUpTo(draft[name], most[name])) continue
    problems[name] = `Allowed: whole numbers from 1 to ${most[name].toLocaleString('en-US')}`
  }
  if (worlds === null || Object.keys(problems).length > 0) return { ok: false, problems }
  const script = {
    ...offered.script,
    worlds,
    steps: Number(draft.steps),
    warmUpSteps: Number(draft.warmUpSteps),
    perDeviceBatch: batch === 'rank' ? Number(draft.batchSize) : null,
    globalBatch: batch === 'all' ? Number(draft.batchSize) : null,
    isInScratch: isInScratch || offered.script.isInScratch,
  }
  const plan = { repeats: Number(draft.repeats), seed: offered.seed, deviceKind }
  return { ok: true, configuration: runConfigurationSchema.parse(configurationOf(script, plan)) }
}

function isWholeUpTo(typed: number | string, most: number): boolean {
  const value = typed === '' ? Number.NaN : Number(typed)
  return Number.isInteger(value) && value >= 1 && value <= most
}
