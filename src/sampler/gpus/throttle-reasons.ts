/**
 * Why NVIDIA's driver holds clocks down, by bit of the mask that NVML calls clocks event (formerly throttle)
 * reasons. Bit 0, an idle GPU, is left out: nothing holds its clocks down.
 */
const reasons: readonly (readonly [mask: number, words: string])[] = [
  [0x2, 'application clocks'],
  [0x4, 'power limit'],
  [0x8, 'hardware slowdown'],
  [0x10, 'sync boost'],
  [0x20, 'temperature limit'],
  [0x40, 'hardware temperature limit'],
  [0x80, 'power brake'],
  [0x100, 'display clocks'],
]

const idle = 0x1
const known = reasons.reduce((mask, [bit]) => mask + bit, idle)

/** The mask in words, empty when nothing holds clocks down; bits that this list does not know are named by number. */
export function throttleReasons(mask: bigint): string[] {
  const words = reasons.filter(([bit]) => (mask & BigInt(bit)) !== 0n).map(([, text]) => text)
  const unknown = mask & ~BigInt(known)
  return unknown === 0n ? words : [...words, `reason 0x${unknown.toString(16)}`]
}
