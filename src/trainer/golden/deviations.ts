import type { GoldenValues, Summary } from './golden-case.js'

/** How far values of one kind are from PyTorch's, at worst. */
export interface Deviation {
  /** "logits", "gradients (norms)". */
  kind: string
  /** The parameter or buffer that is furthest off; empty where there is only one. */
  name: string
  relative: number
  tolerance: number
}

interface Tolerance {
  /** Of single numbers, as a part of the largest or, for samples of a tensor, of its root mean square. */
  entries: number
  norms: number
}

/**
 * How far from PyTorch's float64 run a float32 backend may be. bench/peers/golden.py prints how far PyTorch's
 * own float32 run is. Single gradients get more room than their norms: rounding moves some activation of the
 * millions across ReLU's kink in every run, and not the same ones.
 */
export const goldenTolerances: Readonly<Record<keyof GoldenValues, Tolerance>> = {
  logits: { entries: 2e-4, norms: 0 },
  losses: { entries: 2e-3, norms: 0 },
  gradients: { entries: 2e-2, norms: 2e-3 },
  parameters: { entries: 1e-2, norms: 5e-4 },
  buffers: { entries: 5e-3, norms: 5e-4 },
  evaluationLogits: { entries: 2e-2, norms: 0 },
}

/** The worst deviations of each kind. What is missing or not a number counts as infinitely far. */
export function goldenDeviations(expected: GoldenValues, actual: GoldenValues): Deviation[] {
  const kinds = Object.keys(goldenTolerances) as (keyof GoldenValues)[]
  return kinds.flatMap((kind) => {
    const values = expected[kind]
    const tolerance = goldenTolerances[kind]
    if (Array.isArray(values)) {
      const relative = furthest(values, actual[kind] as number[]) / Math.max(...values.map(Math.abs))
      return [{ kind, name: '', relative, tolerance: tolerance.entries }]
    }
    const others = actual[kind] as Record<string, Summary>
    return [
      { kind: `${kind} (norms)`, ...worst(values, others, normDeviation), tolerance: tolerance.norms },
      { kind: `${kind} (entries)`, ...worst(values, others, entryDeviation), tolerance: tolerance.entries },
    ]
  })
}

function worst(
  expected: Record<string, Summary>,
  actual: Record<string, Summary>,
  measure: (expected: Summary, actual: Summary) => number,
): { name: string; relative: number } {
  const deviations = Object.entries(expected).map(([name, summary]) => {
    const other = actual[name]
    return { name, relative: other === undefined ? Number.POSITIVE_INFINITY : measure(summary, other) }
  })
  return deviations.reduce((left, right) => (right.relative > left.relative ? right : left))
}

function normDeviation(expected: Summary, actual: Summary): number {
  return furthest([expected.norm], [actual.norm]) / expected.norm
}

function entryDeviation(expected: Summary, actual: Summary): number {
  const rootMeanSquare = expected.norm / Math.sqrt(expected.size)
  return furthest(expected.samples, actual.samples) / rootMeanSquare
}

function furthest(expected: number[], actual: number[]): number {
  const distances = expected.map((value, index) => Math.abs(value - (actual[index] ?? Number.NaN)))
  return Math.max(
    ...distances.map((distance) => (Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance)),
  )
}
