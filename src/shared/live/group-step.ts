import { z } from 'zod'
import { instantMsSchema, mostRanks } from '../bounds.js'

const ms = z.number().nonnegative()

/**
 * One optimiser step as the whole group of ranks made it: what charts draw and recordings keep. Times in
 * milliseconds.
 */
export const groupStepSchema = z.object({
  /** Counted from 0. */
  epoch: z.number().int().nonnegative(),
  /** Counted from 0 within the epoch. */
  step: z.number().int().nonnegative(),
  /** When the last rank had finished it, in milliseconds since the Unix epoch. */
  endedAtMs: instantMsSchema,
  /** Mean over the images of all ranks; null where a script does not say. */
  loss: z.number().nullable(),
  /** Images of all ranks. */
  images: z.number().int().nonnegative(),
  /** The slowest rank's. */
  stepMs: ms,
  /** The phases are means over the ranks; what is missing to `stepMs` lies between them. */
  dataWaitMs: ms,
  computeMs: ms,
  communicationMs: ms,
  updateMs: ms,
  /** By rank; null where there is one process. */
  ranks: z
    .object({
      stepMs: z.array(ms).max(mostRanks),
      /** How much later than the first rank each arrived at the all-reduce; null where they do not say. */
      lateMs: z.array(ms).max(mostRanks).nullable(),
    })
    .nullable(),
})

export type GroupStep = z.infer<typeof groupStepSchema>

/** The pace of one step, of a group or of one rank; null where it took no time. */
export function stepImagesPerSecond({ images, stepMs }: Pick<GroupStep, 'images' | 'stepMs'>): number | null {
  return stepMs > 0 ? (1000 * images) / stepMs : null
}

/** The phases of a step, in the order in which they happen. */
export const phases = [
  { name: 'dataWaitMs', title: 'Waiting for data' },
  { name: 'computeMs', title: 'Forward and backward' },
  { name: 'communicationMs', title: 'Gradient exchange' },
  { name: 'updateMs', title: 'Update' },
] as const satisfies readonly { name: keyof GroupStep; title: string }[]

export type PhaseName = (typeof phases)[number]['name']
