/**
 * The bfloat16 nearest to a float32, ties to even, by its definition: a multiple of 2^(exponent - 7), of which division
 * and comparison in double precision are exact.
 */
export function nearestBfloat16(value: number): number {
  if (!Number.isFinite(value) || value === 0) return value
  const magnitude = Math.abs(value)
  const exponent = Math.max(Math.floor(Math.log2(magnitude)), smallestExponent)
  // Just below a power of two log2 may round up to it; that power is the nearest then, in either unit.
  const unit = 2 ** (exponent - 7)
  const below = Math.floor(magnitude / unit)
  const remainder = magnitude / unit - below
  const isUp = remainder > 0.5 || (remainder === 0.5 && below % 2 === 1)
  const nearest = (isUp ? below + 1 : below) * unit
  return Math.sign(value) * (nearest > largest ? Infinity : nearest)
}

const smallestExponent = -126
const largest = (2 - 2 ** -7) * 2 ** 127
