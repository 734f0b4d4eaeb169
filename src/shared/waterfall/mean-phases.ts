import type { StepRecord } from '../trainer-protocol.js'

/** A rank's mean step, in milliseconds. What is missing to `stepMs` lies between the phases. */
export interface MeanPhases {
  /** Images a step of this rank. */
  images: number
  stepMs: number
  dataWaitMs: number
  computeMs: number
  communicationMs: number
  updateMs: number
  /** DP, where it can be observed: parts of `computeMs`. */
  scatterMs?: number
  replicateMs?: number
  gatherMs?: number
  reduceMs?: number
}

const summed = ['images', 'stepMs', 'dataWaitMs', 'computeMs', 'communicationMs', 'updateMs'] as const

/** The mean of one rank's steps, smaller last batches included; null without a step. */
export function meanPhases(steps: readonly StepRecord[]): MeanPhases | null {
  if (steps.length === 0) return null
  const means = { images: 0, stepMs: 0, dataWaitMs: 0, computeMs: 0, communicationMs: 0, updateMs: 0 }
  for (const step of steps) for (const name of summed) means[name] += step[name] / steps.length
  return means
}
