/**
 * p-values corrected for having been looked at together, in the order given: compared with 5 % they make the chance
 * of even one false finding among all at most 5 %, however the findings depend on each other. Holm, "A Simple
 * Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of Statistics 6, 1979.
 */
export function holmAdjust(pValues: readonly number[]): number[] {
  const ascending = pValues.map((pValue, index) => ({ pValue, index })).sort((a, b) => a.pValue - b.pValue)
  const adjusted = new Array<number>(pValues.length)
  let largest = 0
  for (const [rank, { pValue, index }] of ascending.entries()) {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValue))
    adjusted[index] = largest
  }
  return adjusted
}
