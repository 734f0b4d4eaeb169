import { deviceStyle } from '../../../charts/palettes.js'
import {
  type DeviceFigure,
  deviceFigures,
  isCoreName,
  isGpuName,
} from '../../../shared/domain/device-figures.js'
import { isBase } from '../../../shared/domain/measurement-ids.js'
import { channelOf as deviceChannelOf } from '../../../shared/live/device-series.js'
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

const fewLines = 6

/** Devices of a run whose utilisation a chart shows: GPUs where there are any, else the processor's cores. */
export function shownDevices(run: LiveRun): string[] {
  const gpus = run.devices.devices.filter(isGpuName)
  return gpus.length > 0 ? gpus : run.devices.devices.filter(isCoreName)
}

export interface DeviceChoice {
  devices: readonly string[]
  figure: DeviceFigure
  picked: string | null
}

/** A line a device, in the figure's unit; of many devices the median and the range, and the one that was picked. */
export function deviceLines(
  run: LiveRun,
  { devices, figure, picked }: DeviceChoice,
  scheme: ColourScheme,
): StreamLine[] {
  const all = devices.flatMap((device, index) => {
    const series = run.devices.of(device)
    if (series === undefined) return []
    const line = scaled(seriesLine(series, 0, deviceChannelOf(figure)), deviceFigures[figure].scale)
    const isLost = run.latestSample?.gpus.some(
      ({ index: gpu, state }) => state === 'lost' && `GPU:${gpu}` === device,
    )
    const title = isLost ? `${device} (lost)` : device
    return [{ key: device, title, style: deviceStyle(index, scheme), ...line }]
  })
  return summarised(all, picked, scheme, 'devices')
}

/** How much later than the first each rank arrived at the all-reduce; of many ranks as for devices. */
export function lateLines(
  run: LiveRun,
  { axis, repeat }: StepChoice,
  picked: string | null,
  scheme: ColourScheme,
): StreamLine[] {
  const steps = shownMeasurements(run, repeat).findLast(({ steps }) => steps?.rankLateMs != null)?.steps
  const late = steps?.rankLateMs
  if (steps == null || late == null) return []
  const all = Array.from({ length: late.channels }, (_, rank) => {
    const title = `Rank ${rank}`
    return { key: title, title, style: deviceStyle(rank, scheme), ...rankLine(steps, late, axis, rank) }
  })
  return summarised(all, picked, scheme, 'ranks')
}

/** Few lines as they are; many as one of their medians, with the band that holds them all, beside the picked one. */
function summarised(
  lines: StreamLine[],
  picked: string | null,
  scheme: ColourScheme,
  what: string,
): StreamLine[] {
  if (lines.length <= fewLines) return lines
  const longest = lines.reduce((a, b) => (b.x.length > a.x.length ? b : a))
  const at = (entry: number): number[] =>
    lines.flatMap(({ y }) => (y[entry] == null ? [] : [y[entry] as number])).sort((a, b) => a - b)
  const columns = longest.x.map((_, entry) => at(entry))
  const median: StreamLine = {
    key: 'median',
    title: `Median of ${lines.length} ${what}`,
    style: deviceStyle(0, scheme),
    x: longest.x,
    y: columns.map((values) => values[Math.floor(values.length / 2)] ?? null),
    range: {
      low: columns.map((values) => values[0] ?? null),
      high: columns.map((values) => values.at(-1) ?? null),
    },
  }
  const one = lines.find(({ key }) => key === picked)
  return one === undefined ? [median] : [median, { ...one, style: deviceStyle(1, scheme) }]
}

function channelOf(channel: StepChannel): number {
  return stepChannels.indexOf(channel)
}

function seriesLine(
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

function bucketsOf({ bucketCount }: ThinnedSeries): number[] {
  return Array.from({ length: bucketCount }, (_, bucket) => bucket)
}

function scaled({ x, y, range }: Pick<StreamLine, 'x' | 'y' | 'range'>, scale: number) {
  const times = (values: (number | null)[]) => values.map((value) => (value === null ? null : value * scale))
  return { x, y: times(y), range: range && { low: times(range.low), high: times(range.high) } }
}

/** Ranks have coarser buckets than the group, of the same steps: x is where the group was in their middle. */
function rankLine(
  steps: StepSeries,
  late: ThinnedSeries,
  axis: StepAxis,
  rank: number,
): Pick<StreamLine, 'x' | 'y' | 'range'> {
  const line = seriesLine(late, rank, rank)
  const x = bucketsOf(late).map((bucket) => {
    const middle = (bucket + 0.5) * late.bucketSize
    const groupBucket = Math.min(Math.floor(middle / steps.group.bucketSize), steps.group.bucketCount - 1)
    return steps.group.mean(channelOf(axis), groupBucket)
  })
  return { ...line, x }
}
