import { largest } from '../extremes.js'
import type { GroupStep } from '../live/group-step.js'
import { groupStepsOf } from '../live/group-steps.js'
import { meanLoss } from '../results/mean-loss.js'
import type { Measurement } from '../results/results.js'

/** One strategy's line in a chart over epochs. */
export interface StepCurve {
  id: string
  title: string
  points: CurvePoint[]
}

export interface CurvePoint {
  /** Epochs done, with their fraction. */
  epochs: number
  /** Of all steps of all repeats here. */
  mean: number
  /** The repeats' own means: the least and the greatest. Equal with one repeat. */
  low: number
  high: number
}

export interface StepCurves {
  loss: StepCurve[]
  imagesPerSecond: StepCurve[]
}

/** More would not be seen in a chart of half a page's width. */
const mostPoints = 60

/** Loss and throughput of every strategy that has steps, in the order of `ids`; its repeats taken together. */
export function stepCurves(measurements: readonly Measurement[], ids: readonly string[]): StepCurves {
  const curves: StepCurves = { loss: [], imagesPerSecond: [] }
  for (const id of ids) {
    const repeats = measurements.filter((measurement) => measurement.id === id)
    const title = repeats[0]?.title ?? id
    const steps = repeats.map((repeat) => [...groupStepsOf(repeat)]).filter((list) => list.length > 0)
    if (steps.length === 0) continue
    const buckets = bucketed(steps)
    // A script may say nothing of it.
    const hasLosses = steps.every((list) => list.every(({ loss }) => loss !== null))
    if (hasLosses) {
      curves.loss.push({ id, title, points: points(buckets, (list) => meanLoss(list) ?? Number.NaN) })
    }
    curves.imagesPerSecond.push({ id, title, points: points(buckets, throughput) })
  }
  return curves
}

/** Steps that share a point: a list a repeat, none of them empty. */
interface Bucket {
  epochs: number
  repeats: GroupStep[][]
}

/** Points are equally far apart, and all of them stand for as many steps, as far as these divide. */
function bucketed(repeats: readonly GroupStep[][]): Bucket[] {
  const perEpoch = 1 + largest(repeats.flat(), ({ step }) => step)
  const epochs = 1 + largest(repeats.flat(), ({ epoch }) => epoch)
  const stepsAPoint = Math.max(1, Math.ceil((perEpoch * epochs) / mostPoints))
  const buckets = new Map<number, Bucket>()
  for (const [repeat, steps] of repeats.entries()) {
    for (const step of steps) {
      const index = Math.floor((step.epoch * perEpoch + step.step) / stepsAPoint)
      const end = Math.min((index + 1) * stepsAPoint, perEpoch * epochs)
      const bucket = buckets.get(index) ?? { epochs: end / perEpoch, repeats: repeats.map(() => []) }
      bucket.repeats[repeat]?.push(step)
      buckets.set(index, bucket)
    }
  }
  return [...buckets]
    .sort(([a], [b]) => a - b)
    .map(([, { epochs: at, repeats: lists }]) => ({
      epochs: at,
      repeats: lists.filter((list) => list.length > 0),
    }))
}

function points(buckets: readonly Bucket[], value: (steps: readonly GroupStep[]) => number): CurvePoint[] {
  return buckets.map(({ epochs, repeats }) => {
    const each = repeats.map(value)
    return { epochs, mean: value(repeats.flat()), low: Math.min(...each), high: Math.max(...each) }
  })
}

/** All images over all time. */
function throughput(steps: readonly GroupStep[]): number {
  return (1000 * total(steps, ({ images }) => images)) / total(steps, ({ stepMs }) => stepMs)
}

function total(steps: readonly GroupStep[], of: (step: GroupStep) => number): number {
  return steps.reduce((sum, step) => sum + of(step), 0)
}
