import type { Script } from '../script/script.js'

/**
 * What a run trains on, one of it: its throughput counts them, and all words about it say so. Fields and columns of files
 * are called images for all of them.
 */
export const trainedUnits = {
  image: { many: 'images', morePerMeasurement: 'Use more images or epochs, or smaller batches.' },
  sample: { many: 'samples', morePerMeasurement: 'Measure more steps, with --steps.' },
  step: { many: 'steps', morePerMeasurement: 'Measure more steps, with --steps.' },
  'rank step': { many: 'rank steps', morePerMeasurement: 'Measure more steps, with --steps.' },
} as const

export type TrainedUnit = keyof typeof trainedUnits

/**
 * Tandem's own training is on images; what a script of somebody's trains on is not known. Nor may be how many samples a step
 * of it has: then its steps are counted, one a rank where there are several.
 */
export function trainedUnitOf({ script }: { script?: Script | undefined }): TrainedUnit {
  if (script === undefined) return 'image'
  if (script.counts !== 'steps') return 'sample'
  return script.worlds.some((ranks) => ranks > 1) ? 'rank step' : 'step'
}

/** Whether how many samples a step has is known: else a batch is no figure. */
export function knowsSamples(unit: TrainedUnit): boolean {
  return unit === 'image' || unit === 'sample'
}

/** `images/s` */
export function rateUnit(unit: TrainedUnit): string {
  return `${trainedUnits[unit].many}/s`
}

/** The heading of a column or card that shows several runs: `Images/s`, or `Throughput` where they do not count the same. */
export function throughputTitle(units: readonly TrainedUnit[]): string {
  const [unit, ...others] = units
  const isOne = unit !== undefined && others.every((other) => other === unit)
  return isOne ? rateTitle(unit) : 'Throughput'
}

/** `Images/s` */
export function rateTitle(unit: TrainedUnit): string {
  const text = rateUnit(unit)
  return text.charAt(0).toUpperCase() + text.slice(1)
}
