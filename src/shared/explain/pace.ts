import type { Measurement } from '../results/results.js'
import { recordedSteps } from './recorded-step.js'

/** How far a measurement was at a moment: for a race of strategies on one clock. */
export interface PacePoint {
  /** Since its first step began. */
  seconds: number
  /** Of all ranks together. */
  images: number
}

const mostPoints = 400

/**
 * A measurement's images by time from its first step on, evaluation and the pauses between epochs included, thinned to
 * some hundred points that keep the first and the last step. Empty without a step.
 */
export function paceOf(measurement: Pick<Measurement, 'ranks'>): PacePoint[] {
  const steps = recordedSteps(measurement)
  const [first] = steps
  if (first === undefined) return []
  const beganAtMs = Math.min(...first.ranks.map(({ startedAtMs }) => startedAtMs))
  let images = 0
  const points = steps.map(({ ranks }): PacePoint => {
    images += ranks.reduce((sum, rank) => sum + rank.images, 0)
    const endedAtMs = Math.max(...ranks.map(({ startedAtMs, stepMs }) => startedAtMs + stepMs))
    return { seconds: (endedAtMs - beganAtMs) / 1000, images }
  })
  const stride = Math.ceil(points.length / mostPoints)
  const kept = points.filter((_, index) => index % stride === 0 || index === points.length - 1)
  return [{ seconds: 0, images: 0 }, ...kept]
}

/** Images at a moment, evenly between two steps; all of them after the last. */
export function imagesAt(pace: readonly PacePoint[], seconds: number): number {
  const next = pace.findIndex((point) => point.seconds > seconds)
  if (next === -1) return pace.at(-1)?.images ?? 0
  const [before, after] = [pace[next - 1], pace[next]]
  if (before === undefined || after === undefined) return 0
  const share = (seconds - before.seconds) / (after.seconds - before.seconds)
  return before.images + share * (after.images - before.images)
}
