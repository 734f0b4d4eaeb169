import { largest, smallest } from '../shared/extremes.js'
import type { StepCurve } from '../shared/report/step-curves.js'
import { type Axis, niceAxis } from './axis.js'

/** What a chart of curves over the epochs shows, in their own unit. */
export interface LinesModel {
  curves: readonly StepCurve[]
  epochs: Axis
  values: Axis
  description: string
}

export interface LinesModelInput {
  curves: readonly StepCurve[]
  format(value: number): string
  /** Whether the axis begins at 0: where ratios count, it must. */
  fromZero: boolean
}

export function linesModel({ curves, format, fromZero }: LinesModelInput): LinesModel {
  const points = curves.flatMap((curve) => curve.points)
  const least = fromZero ? 0 : smallest(points, ({ low }) => low)
  return {
    curves,
    epochs: { from: 0, to: largest(points, ({ epochs }) => epochs) },
    values: niceAxis({ from: least, to: largest(points, ({ high }) => high) }, 5),
    description: curves.map((curve) => describe(curve, format)).join('; '),
  }
}

function describe({ title, points }: StepCurve, format: (value: number) => string): string {
  const [first, last] = [points[0], points.at(-1)]
  return first === undefined || last === undefined
    ? `${title}: nothing`
    : `${title}: from ${format(first.mean)} to ${format(last.mean)}`
}
