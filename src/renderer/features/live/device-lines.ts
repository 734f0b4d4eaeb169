import { deviceStyle } from '../../../charts/palettes.js'
import {
  type DeviceFigure,
  deviceFigures,
  isCoreName,
  isGpuName,
  machineOfName,
  processorOf,
} from '../../../shared/domain/device-figures.js'
import { channelOf as deviceChannelOf } from '../../../shared/live/device-series.js'
import type { LiveRun } from '../../../shared/live/live-run.js'
import { shownMeasurements } from '../../../shared/live/shown-measurements.js'
import type { StepSeries } from '../../../shared/live/step-series.js'
import type { ThinnedSeries } from '../../../shared/live/thinned-series.js'
import type { Device } from '../../../shared/machine/device.js'
import { mostShownApart, spreadOf } from '../../../shared/statistics/spread.js'
import type { ColourScheme } from '../../../shared/strategy-style.js'
import type { StreamLine } from '../../charts/stream-data.js'
import { bucketsOf, channelOf, type StepAxis, type StepChoice, seriesLine } from './lines.js'

/** Devices of a run whose utilisation a chart shows: GPUs where there are any, else the processor's cores. */
export function shownDevices(run: LiveRun): string[] {
  const gpus = run.devices.devices.filter(isGpuName)
  return gpus.length > 0 ? gpus : run.devices.devices.filter(isCoreName)
}

/** The devices of this figure: cores have a utilisation and nothing else; the rest is the whole processor's. */
export function devicesWith(run: LiveRun, figure: DeviceFigure): string[] {
  const shown = shownDevices(run)
  const ofCores = shown.some(isCoreName) && deviceFigures[figure].of.core === undefined
  return ofCores ? [...new Set(shown.map(processorOf))] : shown
}

/** What a machine is called where one of its devices or all of them can be picked. */
export function machineKey(machine: number): string {
  return `node ${machine}`
}

export interface DeviceChoice {
  devices: readonly string[]
  figure: DeviceFigure
  /** A device, or a machine by `machineKey`. */
  picked: string | null
}

interface ApartLine extends StreamLine {
  machine: number | null
}

/** A line a device, in the figure's unit; of many devices the median and the range, and what was picked. */
export function deviceLines(
  run: LiveRun,
  { devices, figure, picked }: DeviceChoice,
  scheme: ColourScheme,
): StreamLine[] {
  const all = devices.flatMap((device, index): ApartLine[] => {
    const series = run.devices.of(device)
    if (series === undefined) return []
    const line = scaled(seriesLine(series, 0, deviceChannelOf(figure)), deviceFigures[figure].scale)
    const isLost = run.latestSample?.gpus.some(
      ({ index: gpu, state }) => state === 'lost' && `GPU:${gpu}` === device,
    )
    const title = isLost ? `${device} (lost)` : device
    return [
      { key: device, title, style: deviceStyle(index, scheme), machine: machineOfName(device), ...line },
    ]
  })
  return summarised(all, picked, scheme, 'devices')
}

/** Of the latest measurement whose ranks say when they arrived at the all-reduce. */
export interface Arrivals {
  devices: readonly Device[]
  steps: StepSeries
  /** How much later than the first, a channel a rank. */
  late: ThinnedSeries
}

export function arrivalsOf(run: LiveRun, repeat: number | null): Arrivals | null {
  const shown = shownMeasurements(run, repeat).findLast(({ steps }) => steps?.rankLateMs != null)
  if (shown?.steps?.rankLateMs == null) return null
  return { devices: shown.measurement.devices, steps: shown.steps, late: shown.steps.rankLateMs }
}

/** How much later than the first each rank arrived at the all-reduce; of many ranks as for devices. */
export function lateLines(
  run: LiveRun,
  { axis, repeat }: StepChoice,
  picked: string | null,
  scheme: ColourScheme,
): StreamLine[] {
  const arrivals = arrivalsOf(run, repeat)
  if (arrivals === null) return []
  const { devices, steps, late } = arrivals
  const x = middlesOf(steps, late, axis)
  const all = Array.from({ length: late.channels }, (_, rank): ApartLine => {
    const title = `Rank ${rank}`
    const machine = devices[rank]?.machine ?? null
    return {
      key: title,
      title,
      style: deviceStyle(rank, scheme),
      machine,
      ...seriesLine(late, rank, rank),
      x,
    }
  })
  return summarised(all, picked, scheme, 'ranks')
}

/** Ranks have coarser buckets than the group, of the same steps: where the group was in the middle of each. */
function middlesOf(steps: StepSeries, late: ThinnedSeries, axis: StepAxis): (number | null)[] {
  return bucketsOf(late).map((bucket) => {
    const middle = (bucket + 0.5) * late.bucketSize
    const groupBucket = Math.min(Math.floor(middle / steps.group.bucketSize), steps.group.bucketCount - 1)
    return steps.group.mean(channelOf(axis), groupBucket)
  })
}

/** Few lines as they are; many as one of their medians, with the band that holds them all, beside the picked ones. */
function summarised(
  lines: readonly ApartLine[],
  picked: string | null,
  scheme: ColourScheme,
  what: string,
): StreamLine[] {
  if (lines.length <= mostShownApart) return lines.map(plain)
  const all = medianOf(lines, `Median of ${lines.length} ${what}`, 0, scheme)
  const chosen = lines.filter(
    ({ key, machine }) => key === picked || (machine !== null && machineKey(machine) === picked),
  )
  if (chosen.length <= mostShownApart) {
    return [all, ...chosen.map((line, index) => ({ ...plain(line), style: deviceStyle(index + 1, scheme) }))]
  }
  return [all, medianOf(chosen, `Median of ${chosen.length} ${what}, ${picked}`, 1, scheme)]
}

function plain({ machine: _, ...line }: ApartLine): StreamLine {
  return line
}

/** Machines are looked at at moments of their own, some from later on: of each line the value nearest to each moment. */
function medianOf(
  lines: readonly ApartLine[],
  title: string,
  place: number,
  scheme: ColourScheme,
): StreamLine {
  const { x } = lines.reduce((a, b) => (b.x.length > a.x.length ? b : a))
  const entries = lines.map((line) => nearestEntries(line.x, x))
  const spreads = x.map((_, at) => {
    const values = lines.flatMap(({ y }, index) => y[entries[index]?.[at] ?? -1] ?? [])
    return spreadOf(values)
  })
  return {
    key: `median ${place}`,
    title,
    style: deviceStyle(place, scheme),
    x,
    y: spreads.map((spread) => spread?.median ?? null),
    range: {
      low: spreads.map((spread) => spread?.low ?? null),
      high: spreads.map((spread) => spread?.high ?? null),
    },
  }
}

/**
 * For each moment the entry that is nearest to it, none before the first entry or after the last by more than one
 * distance of moments. Both run upwards.
 */
function nearestEntries(from: readonly (number | null)[], at: readonly (number | null)[]): number[] {
  if (from === at) return at.map((_, entry) => entry)
  const reach = ((at.at(-1) ?? 0) - (at[0] ?? 0)) / Math.max(1, at.length - 1)
  let entry = 0
  return at.map((moment) => {
    if (moment === null) return -1
    const distance = (one: number): number => Math.abs((from[one] ?? Number.POSITIVE_INFINITY) - moment)
    while (entry + 1 < from.length && distance(entry + 1) <= distance(entry)) entry++
    return distance(entry) <= Math.max(reach, Number.EPSILON) ? entry : -1
  })
}

function scaled({ x, y, range }: Pick<StreamLine, 'x' | 'y' | 'range'>, scale: number) {
  const times = (values: (number | null)[]) => values.map((value) => (value === null ? null : value * scale))
  return { x, y: times(y), range: range && { low: times(range.low), high: times(range.high) } }
}
