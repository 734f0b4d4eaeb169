/** A speedup that was measured on so many devices. */
export interface SpeedupAt {
  devices: number
  speedup: number
}

export interface AmdahlFit {
  /** The share of the work that does not get faster with devices, 0 to 1. */
  serialFraction: number
  /** The best fit lay outside: below 0 (more than N times as fast) or above 1 (slower than one device). */
  clamped: boolean
}

/**
 * Amdahl's law: with a serial fraction s, N devices are 1 / (s + (1 - s) / N) times as fast. Amdahl, "Validity of the
 * Single Processor Approach to Achieving Large Scale Computing Capabilities", AFIPS Conference Proceedings 30, 1967.
 */
export function amdahlSpeedup(serialFraction: number, devices: number): number {
  return 1 / (serialFraction + (1 - serialFraction) / devices)
}

/**
 * The serial fraction that fits measured speedups best. The law is linear in relative times: with x = 1 - 1 / N and
 * y = 1 / speedup - 1 / N it says y = s x, whose least squares solution is s = Σ x y / Σ x². For one point that is the
 * experimentally determined serial fraction of Karp and Flatt, "Measuring Parallel Processor Performance",
 * Communications of the ACM 33(5), 1990. Null without a point on more than one device.
 */
export function fitAmdahl(points: readonly SpeedupAt[]): AmdahlFit | null {
  const lines = points
    .filter(({ devices }) => devices > 1)
    .map(({ devices, speedup }) => ({ x: 1 - 1 / devices, y: 1 / speedup - 1 / devices }))
  if (lines.length === 0) return null
  const best = lines.reduce((sum, { x, y }) => sum + x * y, 0) / lines.reduce((sum, { x }) => sum + x * x, 0)
  const serialFraction = Math.min(1, Math.max(0, best))
  return { serialFraction, clamped: serialFraction !== best }
}
