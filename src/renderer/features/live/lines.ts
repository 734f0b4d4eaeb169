import { isBase } from '../../../shared/domain/measurement-ids.js'
import type { LiveRun } from '../../../shared/live/live-run.js'
import { shownMeasurements } from '../../../shared/live/shown-measurements.js'
import { type StepChannel, type StepSeries, stepChannels } from '../../../shared/live/step-series.js'
import type { ThinnedSeries } from '../../../shared/live/thinned-series.js'
import { type ColourScheme, strategyStyle } from '../../../shared/strategy-style.js'
import type { LinePoints, StreamLine } from '../../charts/stream-data.js'

/** What lies along the x axis of charts of steps. */
export type StepAxis = 'steps' | 'epochs' | 'seconds'

/** What lines of steps are drawn of, and along what. */
export interface StepChoice {
  axis: StepAxis
  /** The block of the repeat that is shown; null for the latest of each strategy. */
  repeat: number | null
}

/** A line a measurement that has steps: its value in this channel, and beside it those of all its repeats. */
export function stepLines(
  run: LiveRun,
  channel: StepChannel,
  { axis, repeat }: StepChoice,
  scheme: ColourScheme,
): StreamLine[] {
  const [x, y] = [channelOf(axis), channelOf(channel)]
  return shownMeasurements(run, repeat).flatMap(({ measurement: { id, title }, steps, repeats }) => {
    if (steps === null) return []
    const style = strategyStyle(id, scheme)
    return [
      {
        key: id,
        title,
        style,
        ...seriesLine(steps.group, x, y),
        repeats: repeats.length < 2 ? [] : repeats.map((one) => seriesPoints(one.steps.group, x, y)),
      },
    ]
  })
}

/**
 * Speedup against Single so far: both means over all their steps up to now, Single's as it is by now. No line before
 * Single has steps.
 */
export function speedupLines(run: LiveRun, choice: StepChoice, scheme: ColourScheme): StreamLine[] {
  const shown = new Map(shownMeasurements(run, choice.repeat).map((one) => [one.measurement.id, one]))
  return stepLines(run, 'meanImagesPerSecond', choice, scheme).flatMap((line) => {
    const { base = null, repeats: measured = [] } = shown.get(line.key) ?? {}
    const y = over(line, base)
    if (isBase({ id: line.key }) || y === null) return []
    const repeats = (line.repeats ?? []).flatMap((points, index) => {
      const ratios = over(points, measured[index]?.base ?? null)
      return ratios === null ? [] : [{ x: points.x, y: ratios }]
    })
    return [{ ...line, y, repeats, range: null }]
  })
}

/** Null without a base. */
function over({ y }: LinePoints, base: StepSeries | null): LinePoints['y'] | null {
  const baseRate = base?.meanImagesPerSecond ?? null
  return baseRate === null ? null : y.map((rate) => (rate === null ? null : rate / baseRate))
}

export function channelOf(channel: StepChannel): number {
  return stepChannels.indexOf(channel)
}

export function seriesLine(
  series: ThinnedSeries,
  xChannel: number,
  yChannel: number,
): Pick<StreamLine, 'x' | 'y' | 'range'> {
  const buckets = bucketsOf(series)
  return {
    ...seriesPoints(series, xChannel, yChannel),
    range:
      series.bucketSize === 1
        ? null
        : {
            low: buckets.map((bucket) => series.minimum(yChannel, bucket)),
            high: buckets.map((bucket) => series.maximum(yChannel, bucket)),
          },
  }
}

/** Of a series as long as it was the last time, so that a repeat that has ended is read once. */
const pointsBefore = new WeakMap<ThinnedSeries, PointsByChannels>()

type PointsByChannels = Map<string, { length: number; points: LinePoints }>

function seriesPoints(series: ThinnedSeries, xChannel: number, yChannel: number): LinePoints {
  const known: PointsByChannels = pointsBefore.get(series) ?? new Map()
  pointsBefore.set(series, known)
  const which = `${xChannel} ${yChannel}`
  const before = known.get(which)
  if (before?.length === series.length) return before.points
  const buckets = bucketsOf(series)
  const points = {
    x: buckets.map((bucket) => series.mean(xChannel, bucket)),
    y: buckets.map((bucket) => series.mean(yChannel, bucket)),
  }
  known.set(which, { length: series.length, points })
  return points
}

export function bucketsOf({ bucketCount }: ThinnedSeries): number[] {
  return Array.from({ length: bucketCount }, (_, bucket) => bucket)
}
