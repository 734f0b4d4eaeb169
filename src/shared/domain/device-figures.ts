import type { GpuFigures, TelemetrySample, TrainerSample } from '../child/telemetry.js'
import { nameOnMachine } from '../machine/device.js'
import { mean } from '../statistics/means.js'

/** What the sampler measures of devices, in the order of every table. */
export const deviceFigureNames = [
  'utilisation',
  'stealShare',
  'coresUsed',
  'memoryBytes',
  'memoryTotalBytes',
  'swapBytes',
  'powerWatts',
  'powerLimitWatts',
  'temperatureCelsius',
  'clockMegahertz',
  'memoryClockMegahertz',
] as const

export type DeviceFigure = (typeof deviceFigureNames)[number]

/** The figures of a GPU that are numbers. */
export type GpuNumber = {
  [Name in keyof GpuFigures]: GpuFigures[Name] extends number | null ? Name : never
}[keyof GpuFigures]

/** One figure, with all that views and exports need to know of it. */
export interface DeviceFigureFacts {
  label: string
  unit: string
  /** What the unit is of the sampler's: 100 where shares are shown in percent. */
  scale: number
  decimals: number
  /** How Live draws it, the limits of its axis where they are known; null where it is not kept as a series. */
  chart: { limits: [number, number] | null } | null
  /** With its unit; `scale` where CSV has another unit than views. */
  csv: { column: string; scale?: number }
  /** Follows the device in a tag, unit included; null where TensorBoard does not get it. */
  tensorBoardTag: string | null
  /** Follows the device in a counter's name; null where traces do not have it. */
  traceCounter: string | null
  /** Where a sample has it, by kind of device. What a kind does not have is null there. */
  of: {
    gpu?: GpuNumber
    cpu?(sample: TelemetrySample): number | null
    core?(busy: number | null): number | null
    trainer?(trainer: TrainerSample): number | null
  }
}

const gibibytes = { unit: 'GiB', scale: 1 / 2 ** 30, decimals: 1 }
const percent = { unit: '%', scale: 100, decimals: 0 }
const watts = { unit: 'W', scale: 1, decimals: 0 }
const megahertz = { unit: 'MHz', scale: 1, decimals: 0 }
const notDrawn = { chart: null, tensorBoardTag: null, traceCounter: null }

export const deviceFigures: Readonly<Record<DeviceFigure, DeviceFigureFacts>> = {
  utilisation: {
    label: 'Utilisation',
    ...percent,
    chart: { limits: [0, 105] },
    csv: { column: 'utilisation_percent' },
    tensorBoardTag: 'utilisation_percent',
    traceCounter: 'utilisation',
    of: {
      gpu: 'utilisation',
      cpu: ({ cpu }) => mean(cpu.cores.filter((busy) => busy !== null)),
      core: (busy) => busy,
    },
  },
  stealShare: {
    label: 'Steal',
    ...percent,
    chart: null,
    csv: { column: 'steal_percent' },
    tensorBoardTag: 'steal_percent',
    traceCounter: 'steal',
    of: { cpu: ({ cpu }) => cpu.stealShare },
  },
  coresUsed: {
    label: 'Cores used',
    unit: 'cores',
    scale: 1,
    decimals: 1,
    ...notDrawn,
    csv: { column: 'cores_used' },
    of: { trainer: ({ coresUsed }) => coresUsed },
  },
  memoryBytes: {
    label: 'Memory',
    ...gibibytes,
    chart: { limits: null },
    csv: { column: 'memory_used_bytes', scale: 1 },
    tensorBoardTag: 'memory_used_gib',
    traceCounter: 'memory used',
    of: {
      gpu: 'memoryUsedBytes',
      cpu: ({ memory }) => memory.usedBytes,
      trainer: ({ memoryBytes }) => memoryBytes,
    },
  },
  memoryTotalBytes: {
    label: 'Memory in all',
    ...gibibytes,
    ...notDrawn,
    csv: { column: 'memory_total_bytes', scale: 1 },
    of: { gpu: 'memoryTotalBytes', cpu: ({ memory }) => memory.totalBytes },
  },
  swapBytes: {
    label: 'Swap',
    ...gibibytes,
    ...notDrawn,
    csv: { column: 'swap_used_bytes', scale: 1 },
    of: { cpu: ({ memory }) => memory.swapUsedBytes },
  },
  powerWatts: {
    label: 'Power',
    ...watts,
    chart: { limits: null },
    csv: { column: 'power_w' },
    tensorBoardTag: 'power_w',
    traceCounter: 'power',
    of: { gpu: 'powerWatts', cpu: ({ cpu }) => cpu.powerWatts },
  },
  powerLimitWatts: {
    label: 'Power limit',
    ...watts,
    ...notDrawn,
    csv: { column: 'power_limit_w' },
    of: { gpu: 'powerLimitWatts' },
  },
  temperatureCelsius: {
    label: 'Temperature',
    unit: '°C',
    scale: 1,
    decimals: 0,
    chart: { limits: null },
    csv: { column: 'temperature_celsius' },
    tensorBoardTag: 'temperature_celsius',
    traceCounter: null,
    of: { gpu: 'temperatureCelsius', cpu: ({ cpu }) => cpu.temperatureCelsius },
  },
  clockMegahertz: {
    label: 'Clock',
    ...megahertz,
    chart: { limits: null },
    csv: { column: 'clock_mhz' },
    tensorBoardTag: 'clock_mhz',
    traceCounter: null,
    of: { gpu: 'coreClockMegahertz', cpu: ({ cpu }) => cpu.clockMegahertz },
  },
  memoryClockMegahertz: {
    label: 'Memory clock',
    ...megahertz,
    ...notDrawn,
    csv: { column: 'memory_clock_mhz' },
    of: { gpu: 'memoryClockMegahertz' },
  },
}

/** The figures that Live draws and reports look back at. */
export const chartedFigures: readonly DeviceFigure[] = deviceFigureNames.filter(
  (name) => deviceFigures[name].chart !== null,
)

/** What a sample said of one device. */
export interface SampledDevice {
  /** `cpu`: all cores, and the machine's memory. */
  kind: 'cpu' | 'core' | 'gpu' | 'trainer'
  /** `CPU`, `Core 3`, `GPU:0`, `DDP rank 1`; all but trainers with their machine where there are several */
  name: string
  figures: Readonly<Record<DeviceFigure, number | null>>
}

interface NamedSample extends TelemetrySample {
  trainers: (TrainerSample & { name: string })[]
  machine?: number | undefined
}

/** Whether a name is that of a GPU, or of a core, on any machine. */
export function isGpuName(name: string): boolean {
  return /^(node \d+ )?GPU:/.test(name)
}

export function isCoreName(name: string): boolean {
  return /^(node \d+ )?Core /.test(name)
}

/** The machine that a name is of; null where a run has one machine, and for trainers. */
export function machineOfName(name: string): number | null {
  const number = /^node (\d+) /.exec(name)?.[1]
  return number === undefined ? null : Number(number)
}

/** The processor that a core is of. */
export function processorOf(coreName: string): string {
  return coreName.replace(/Core .*$/, 'CPU')
}

/** The processor, its cores, GPUs, then trainers. */
export function sampledDevices(sample: NamedSample): SampledDevice[] {
  const named = (name: string): string => nameOnMachine(sample.machine, name)
  return [
    { kind: 'cpu', name: named('CPU'), figures: figuresBy(({ cpu }) => cpu?.(sample) ?? null) },
    ...sample.cpu.cores.map((busy, core) => ({
      kind: 'core' as const,
      name: named(`Core ${core}`),
      figures: figuresBy((of) => of.core?.(busy) ?? null),
    })),
    ...sample.gpus.map((gpu) => ({
      kind: 'gpu' as const,
      name: named(`GPU:${gpu.index}`),
      figures: figuresBy(({ gpu: field }) => (field === undefined ? null : gpu[field])),
    })),
    ...sample.trainers.map((trainer) => ({
      kind: 'trainer' as const,
      name: trainer.name,
      figures: figuresBy((of) => of.trainer?.(trainer) ?? null),
    })),
  ]
}

function figuresBy(read: (of: DeviceFigureFacts['of']) => number | null): SampledDevice['figures'] {
  const figures = deviceFigureNames.map((name) => [name, read(deviceFigures[name].of)])
  return Object.fromEntries(figures)
}

/** In the figure's unit, or another; percent to a hundredth, which is as fine as any sensor. */
export function inUnit(name: DeviceFigure, value: number | null, scale?: number): number | null {
  if (value === null) return null
  const facts = deviceFigures[name]
  const scaled = value * (scale ?? facts.scale)
  return facts.unit === percent.unit ? Math.round(scaled * 100) / 100 : scaled
}
