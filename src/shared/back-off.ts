/**
 * How long to wait before the next try of something that has failed `failures` times in a row, one or more: four
 * times longer each time, from `firstMs` up to `mostMs`.
 */
export function backOffMs(failures: number, limits: { firstMs: number; mostMs: number }): number {
  return Math.min(limits.mostMs, limits.firstMs * 4 ** (failures - 1))
}
