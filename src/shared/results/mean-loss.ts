/** The mean loss of steps, of ranks or one after another, weighted by images; null where one of them does not say. */
export function meanLoss(
  records: readonly { loss?: number | null | undefined; images: number }[],
): number | null {
  let images = 0
  let sum = 0
  for (const record of records) {
    if (record.loss === undefined || record.loss === null) return null
    images += record.images
    sum += record.loss * record.images
  }
  return images === 0 ? null : sum / images
}
