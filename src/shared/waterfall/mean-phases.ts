import type { DataParallelParts, StepRecord } from '../child/trainer-protocol.js'
import { mean } from '../statistics/means.js'

/** A rank's mean step, in milliseconds. What is missing to `stepMs` lies between the phases. */
export interface MeanPhases extends DataParallelParts {
  /** Images a step of this rank. */
  images: number
  stepMs: number
  dataWaitMs: number
  computeMs: number
  communicationMs: number
  updateMs: number
  /** Of `computeMs`: while this rank's own gradients come; absent where not every step says it. */
  gradientsMs?: number | undefined
}

const phases = ['images', 'stepMs', 'dataWaitMs', 'computeMs', 'communicationMs', 'updateMs'] as const
const parts = [
  'scatterMs',
  'replicateMs',
  'forwardMs',
  'gatherMs',
  'backwardMs',
  'reduceMs',
  'gradientsMs',
] as const

/** The mean of one rank's steps, smaller last batches included; null without a step. */
export function meanPhases(steps: readonly StepRecord[]): MeanPhases | null {
  if (steps.length === 0) return null
  const meanOf = (name: (typeof phases | typeof parts)[number]) => mean(steps.map((step) => step[name] ?? 0))
  const known = parts.filter((name) => steps.every((step) => step[name] !== undefined))
  return Object.fromEntries(
    [...phases, ...known].map((name) => [name, meanOf(name)]),
  ) as unknown as MeanPhases
}
