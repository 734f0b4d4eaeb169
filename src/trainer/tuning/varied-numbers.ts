/** Long enough that no tile of a picture repeats, short enough to stay in the first-level cache while it is copied. */
const periodLength = 4099

/** Numbers between -1 and 1 to compute on. Drawing millions at random would take longer than timing with them. */
export function variedNumbers(count: number): Float32Array {
  const numbers = new Float32Array(count)
  const period = Math.min(count, periodLength)
  for (let index = 0; index < period; index++) numbers[index] = Math.sin(index * index)
  for (let filled = period; filled < count; filled *= 2) numbers.copyWithin(filled, 0, filled)
  return numbers
}
