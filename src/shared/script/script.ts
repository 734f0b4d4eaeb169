import { z } from 'zod'
import { printable } from '../printable.js'
import { shellWord } from '../text/shell-word.js'

/** Who starts the ranks of a script: Tandem, one process a device, or the command itself, as torchrun does. */
export const launchers = ['tandem', 'command'] as const

/** What the steps of a script are counted by where its samples are not known: by the batch that was said, or one by one. */
export const scriptCounts = ['said-samples', 'steps'] as const

/** What no measurement of a script goes beyond. */
export const scriptLimits = { ranks: 64, steps: 100_000, warmUpSteps: 10_000 }

/** Longer than any command that a person types. */
const longestWord = 32_768

/** A training script of somebody's, and how it is measured. */
export const scriptSchema = z.object({
  /** As it was typed, with its placeholders. */
  command: z.array(z.string().max(longestWord)).min(1).max(1_000),
  /** Where it runs. */
  folder: z.string(),
  /** How many ranks train, each number in a measurement of its own. */
  worlds: z.array(z.number().int().positive().max(scriptLimits.ranks)).min(1).max(scriptLimits.ranks),
  launcher: z.enum(launchers),
  /** Whether each measurement runs in a temporary copy of the folder. */
  isInScratch: z.boolean(),
  /** Steps that are measured, after those of the warm-up. */
  steps: z.number().int().positive().max(scriptLimits.steps),
  warmUpSteps: z.number().int().positive().max(scriptLimits.warmUpSteps),
  /** What a rank trains on in a step, where that was said; null leaves it to the script. */
  perDeviceBatch: z.number().int().positive().nullable(),
  /** What all ranks together train on in a step, in place of that. */
  globalBatch: z.number().int().positive().nullable(),
  /** How long the script may take until its first step. */
  startSeconds: z.number().positive(),
  /** Found out while it is measured; absent: the samples that it fetches from a DataLoader, or tells. */
  counts: z.enum(scriptCounts).optional(),
})

export type Script = z.infer<typeof scriptSchema>

/** What a probe in a script found out about it, on rank 0. */
export const scriptFactsSchema = z.object({
  /** Of the processor, for each rank. */
  threads: z.number().int().positive(),
  /** What wraps the model so that ranks train one; null where nothing of the kind was seen. */
  exchange: z.enum(['ddp', 'fsdp', 'deepspeed']).nullable(),
  optimizers: z.number().int().nonnegative(),
  /** Of what ranks exchange in a step; null where that is not known. */
  gradientBytes: z.number().nonnegative().nullable(),
  /** More than the planned ones where the script went on compiling. */
  warmUpSteps: z.number().int().nonnegative(),
  hasCompiled: z.boolean(),
  /** One rank reads for all. */
  isDispatching: z.boolean(),
  /** That a GradScaler left out, for gradients that had overflowed. */
  skippedSteps: z.number().int().nonnegative(),
  backwardsPerStep: z.number().nonnegative(),
  /** Between measured steps, and part of none. */
  evaluationMs: z.number().nonnegative(),
  /** What measuring took of each step, by its own count. */
  probeMicrosecondsPerStep: z.number().nonnegative(),
})

export type ScriptFacts = z.infer<typeof scriptFactsSchema>

const plainWithPlaceholders = /^[\w./:,@%+={}-]+$/

/** The command as a person reads it, on one line and without what a terminal would obey: results may be imported. */
export function commandText({ command }: Pick<Script, 'command'>): string {
  return printable(command.map((word) => shellWord(word, plainWithPlaceholders)).join(' '))
}
