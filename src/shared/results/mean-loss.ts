import type { StepRecord } from '../child/trainer-protocol.js'

/** The mean loss of one step over its ranks, weighted by images; null where one of them does not say. */
export function meanLoss(records: readonly Pick<StepRecord, 'loss' | 'images'>[]): number | null {
  let images = 0
  let sum = 0
  for (const record of records) {
    if (record.loss === undefined) return null
    images += record.images
    sum += record.loss * record.images
  }
  return images === 0 ? null : sum / images
}
