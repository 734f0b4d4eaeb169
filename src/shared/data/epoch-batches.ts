import { epochOrder, epochShape, partOfOrder } from './epoch-order.js'

/** Which samples a loader delivers. */
export interface BatchPlan {
  /** Samples of the data set. */
  count: number
  /** Images a step of this rank. */
  batchSize: number
  seed: number
  rank: number
  worldSize: number
  /** -1 for the whole epoch. */
  maxStepsPerEpoch: number
  samplesPerEpoch: number | null
  shuffle: boolean
}

/** The samples of each batch of an epoch, in order. */
export function epochBatches(plan: BatchPlan, epoch: number): Uint32Array[] {
  const order = epochOrder({ ...plan, epoch })
  const { stepsPerEpoch } = epochShape(plan)
  return Array.from({ length: stepsPerEpoch }, (_, step) =>
    order.slice(step * plan.batchSize, (step + 1) * plan.batchSize),
  )
}

/** The first samples of one of these batches, `most` of them; empty where the epoch has no such step. */
export function beginningOfBatch(plan: BatchPlan, epoch: number, step: number, most: number): Uint32Array {
  if (step >= epochShape(plan).stepsPerEpoch) return new Uint32Array()
  const first = step * plan.batchSize
  return partOfOrder({ ...plan, epoch }, first, first + Math.min(plan.batchSize, most))
}
