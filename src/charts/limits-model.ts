import type { LimitsAnalysis } from '../shared/analysis/limits-analysis.js'
import { largest } from '../shared/extremes.js'
import type { LimitPoint } from '../shared/limits/limit-curves.js'
import { formatSpeedup } from '../shared/text/format.js'
import { type Axis, doublingTicks, niceAxis } from './axis.js'

export const limitCurveNames = ['ideal', 'allReduceBound', 'predicted', 'amdahl'] as const

export type LimitCurveName = (typeof limitCurveNames)[number]

const titles: Readonly<Record<LimitCurveName, string>> = {
  ideal: 'Ideal',
  allReduceBound: 'Bound by the all-reduce',
  predicted: 'Step model',
  amdahl: 'Amdahl’s law, fitted',
}

/** How far more devices would go by a model of up to four curves, in speedups, and what was measured as dots. */
export interface LimitsModel {
  /** In the order in which they are drawn: each is narrower than those below it, so that none hides another. */
  curves: LimitCurve[]
  dots: LimitDot[]
  devices: Axis & { ticks: number[] }
  speedups: Axis
  description: string
}

export interface LimitCurve {
  name: LimitCurveName
  /** Names also the curves that it coincides with everywhere, which are not drawn again. */
  title: string
  points: { devices: number; speedup: number }[]
}

export interface LimitDot {
  id: string
  title: string
  devices: number
  speedup: number
}

/** @param points the analysis's own, or those of other settings of it */
export function limitsModel(
  { measured }: Pick<LimitsAnalysis, 'measured'>,
  points: readonly LimitPoint[],
): LimitsModel {
  const curves = distinctCurves(points)
  const to = largest(points, ({ devices }) => devices)
  const highest = Math.max(
    largest(curves, (curve) => largest(curve.points, ({ speedup }) => speedup)),
    largest(measured, ({ speedup }) => speedup),
  )
  return {
    curves,
    dots: measured.map(({ id, title, devices, speedup }) => ({
      id,
      title: `${title}, measured on ${devices}`,
      devices,
      speedup,
    })),
    devices: { from: 1, to, ticks: doublingTicks(to) },
    speedups: niceAxis({ from: 0, to: highest }, 5),
    description: describe(curves, measured, to),
  }
}

/** The speedups of a number of devices as text, in the order of `limitCurveTitles`. */
export function limitTexts(point: LimitPoint, names: readonly LimitCurveName[]): string[] {
  return names.map((name) => formatSpeedup(point[name]?.speedup ?? null))
}

/** The curves that have a figure, with their titles: the columns of a table. */
export function knownLimitCurves(points: readonly LimitPoint[]): { name: LimitCurveName; title: string }[] {
  return limitCurveNames
    .filter((name) => points.some((point) => point[name] !== null))
    .map((name) => ({ name, title: titles[name] }))
}

/** Nearer than this everywhere, two curves are one to the eye. */
const sameShare = 0.005

function distinctCurves(points: readonly LimitPoint[]): LimitCurve[] {
  const drawn: LimitCurve[] = []
  for (const { name, title } of knownLimitCurves(points)) {
    const own = points.flatMap((point) => {
      const limit = point[name]
      return limit === null ? [] : [{ devices: point.devices, speedup: limit.speedup }]
    })
    const same = drawn.find((curve) => coincide(curve.points, own))
    if (same === undefined) drawn.push({ name, title, points: own })
    else same.title = `${same.title}; the same: ${title}`
  }
  return drawn
}

function coincide(a: LimitCurve['points'], b: LimitCurve['points']): boolean {
  return (
    a.length === b.length &&
    a.every(({ speedup }, index) => Math.abs(speedup - (b[index]?.speedup ?? 0)) <= sameShare * speedup)
  )
}

function describe(
  curves: readonly LimitCurve[],
  measured: LimitsAnalysis['measured'],
  devices: number,
): string {
  const ends = curves.map(({ title, points }) => `${title}: ${formatSpeedup(points.at(-1)?.speedup ?? null)}`)
  const dots = measured.map(
    ({ title, devices: on, speedup }) => `${title} on ${on}: ${formatSpeedup(speedup)}`,
  )
  return `A model, on ${devices} devices: ${ends.join(', ')}. Measured: ${dots.join(', ')}`
}
