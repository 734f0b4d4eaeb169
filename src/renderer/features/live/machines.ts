import {
  chartedFigures,
  type DeviceFigure,
  deviceFigures,
  machineOfName,
} from '../../../shared/domain/device-figures.js'
import { machinePassports } from '../../../shared/figures/machine-passports.js'
import { type Fact, machineFacts } from '../../../shared/figures/passport.js'
import { channelOf } from '../../../shared/live/device-series.js'
import type { LiveRun } from '../../../shared/live/live-run.js'
import { deviceName, devicesOfRun, machineOf, sampledNames } from '../../../shared/machine/device.js'
import type { MachinePassport } from '../../../shared/results/results.js'
import { mean } from '../../../shared/statistics/means.js'
import { spreadOf, spreadText } from '../../../shared/statistics/spread.js'
import { notAvailable } from '../../../shared/text/format.js'
import { arrivalsOf, devicesWith, machineKey } from './device-lines.js'

/** A machine of a run over several, all of it as it is shown. */
export interface MachineRow {
  node: number
  /** `node 3`. */
  name: string
  hostName: string
  /** How many of the run's devices it has. */
  deviceCount: number
  /** By `machineColumns`: of its devices the median, and the range where they differ. */
  figures: string[]
  /** In what it is not as most are. */
  unlike: Fact[]
}

export interface MachineDeviceRow {
  /** `GPU:3`. */
  name: string
  /** Null where no ranks train, or one process has all devices. */
  rank: number | null
  /** By `machineColumns`. */
  figures: string[]
}

/** A GPU's clock says little beside these, and is in its chart. */
const shownFigures = chartedFigures.filter((figure) => figure !== 'clockMegahertz')

/** What is shown of each machine, with its unit. */
export const machineColumns: readonly { title: string; unit: string }[] = [
  ...shownFigures.map((figure) => ({ title: deviceFigures[figure].label, unit: deviceFigures[figure].unit })),
  { title: 'Behind the first rank', unit: 'ms' },
]

/** All machines of the run, by their numbers; node 0 alone for a run on one machine. */
export function passportsOf({ head }: LiveRun): readonly MachinePassport[] {
  return [head.machine, ...(head.otherMachines ?? [])]
}

/** A row a machine. Figures are the newest; how far ranks are behind is a mean of the measurement so far. */
export function machineRows(run: LiveRun, repeat: number | null): MachineRow[] {
  const machines = passportsOf(run)
  const { kinds } = machinePassports(machines)
  const devices = devicesOfRun(run.head.measurements)
  const newest = shownFigures.map((figure) => newestByMachine(run, figure))
  const late = lateByMachine(run, repeat)
  return machines.map(({ hostName }, node) => ({
    node,
    name: machineKey(node),
    hostName,
    deviceCount: devices.filter((device) => machineOf(device) === node).length,
    figures: [
      ...shownFigures.map((figure, column) => figureText(figure, newest[column]?.get(node) ?? [])),
      spreadText(spreadOf(late.get(node) ?? []), lateText, notAvailable),
    ],
    unlike: kinds.find(({ nodes }) => nodes.includes(node))?.unlike ?? [],
  }))
}

/** The devices of one machine that the run trains on. */
export function machineDeviceRows(run: LiveRun, node: number, repeat: number | null): MachineDeviceRow[] {
  const arrivals = arrivalsOf(run, repeat)
  return devicesOfRun(run.head.measurements)
    .filter((device) => machineOf(device) === node)
    .map((device) => {
      const name = deviceName(device)
      const rank = arrivals?.devices.findIndex((other) => deviceName(other) === name) ?? -1
      const lateMs = rank === -1 ? null : (arrivals?.late.overallMean(rank) ?? null)
      const valuesOf = (figure: DeviceFigure): number[] => {
        const value = mean(sampledNames(device).flatMap((sampled) => newestOf(run, sampled, figure) ?? []))
        return value === null ? [] : [value]
      }
      return {
        name: deviceName({ kind: device.kind, index: device.index }),
        rank: rank === -1 ? null : rank,
        figures: [
          ...shownFigures.map((figure) => figureText(figure, valuesOf(figure))),
          lateMs === null ? notAvailable : lateText(lateMs),
        ],
      }
    })
}

/** What is to be known of one machine, what others do not have first. */
export function machineKnowledge(
  run: LiveRun,
  { node, unlike }: Pick<MachineRow, 'node' | 'unlike'>,
): Fact[] {
  const passport = passportsOf(run)[node]
  if (passport === undefined) return []
  const odd = new Set(unlike.map(([what]) => what))
  return [...unlike, ...machineFacts(passport).filter(([what]) => what !== 'Host' && !odd.has(what))]
}

function newestByMachine(run: LiveRun, figure: DeviceFigure): Map<number, number[]> {
  const values = new Map<number, number[]>()
  for (const name of devicesWith(run, figure)) {
    const value = newestOf(run, name, figure)
    if (value !== null) addTo(values, machineOfName(name) ?? 0, value)
  }
  return values
}

function lateByMachine(run: LiveRun, repeat: number | null): Map<number, number[]> {
  const values = new Map<number, number[]>()
  const arrivals = arrivalsOf(run, repeat)
  arrivals?.devices.forEach((device, rank) => {
    const lateMs = arrivals.late.overallMean(rank)
    if (lateMs !== null) addTo(values, machineOf(device), lateMs)
  })
  return values
}

function addTo(values: Map<number, number[]>, node: number, value: number): void {
  const known = values.get(node)
  if (known === undefined) values.set(node, [value])
  else known.push(value)
}

function newestOf(run: LiveRun, name: string, figure: DeviceFigure): number | null {
  return run.devices.of(name)?.latest(channelOf(figure)) ?? null
}

function figureText(figure: DeviceFigure, values: readonly number[]): string {
  const { scale, decimals } = deviceFigures[figure]
  return spreadText(spreadOf(values), (value) => (value * scale).toFixed(decimals), notAvailable)
}

function lateText(ms: number): string {
  return ms.toFixed(1)
}
