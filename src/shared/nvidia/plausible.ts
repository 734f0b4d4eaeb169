/**
 * The most that a figure of a GPU can be. Above it, it is a driver's way of saying nothing: all bits of 32 or 64 are
 * set, in whatever unit (4294967295 MHz, 4294967.29 W, 1.8e19 bytes).
 */
const most = {
  utilisationPercent: 100,
  memoryBytes: 2 ** 50,
  watts: 100_000,
  celsius: 250,
  megahertz: 100_000,
} as const

export type GpuQuantity = keyof typeof most

/** The figure, or null where it is none. */
export function plausible(quantity: GpuQuantity, value: number | null): number | null {
  return value !== null && value >= 0 && value <= most[quantity] ? value : null
}

/** A mask of bits, or null where all of them are set, which stands for none. */
export function plausibleMask(mask: bigint | null): bigint | null {
  return mask === 0xffff_ffff_ffff_ffffn || mask === 0xffff_ffffn ? null : mask
}
