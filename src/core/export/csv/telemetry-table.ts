import type { RunSample } from '../../../shared/live/live-event.js'
import { measurementKey, type Results } from '../../../shared/results.js'
import { meanUtilisation, type SampleInRun } from '../run-samples.js'
import { percent } from '../units.js'
import type { Column } from './table.js'

/** What a sample said of one device. */
interface DeviceFigures {
  /** `host`: all cores, and the machine's memory. */
  kind: 'host' | 'core' | 'gpu' | 'trainer'
  /** `CPU`, `core 3`, `GPU:0`, `DDP rank 1` */
  device: string
  model?: string
  state?: string
  utilisation?: number | null
  stealShare?: number | null
  coresUsed?: number | null
  memoryUsedBytes?: number | null
  memoryTotalBytes?: number | null
  swapUsedBytes?: number | null
  powerWatts?: number | null
  powerLimitWatts?: number | null
  temperatureCelsius?: number | null
  clockMegahertz?: number | null
  memoryClockMegahertz?: number | null
  throttleReasons?: readonly string[] | null
  samplingCostMs?: number
}

export interface TelemetryRow extends SampleInRun {
  figures: DeviceFigures
}

/** A row for each device of each sample. */
export async function* telemetryRows(samples: AsyncIterable<SampleInRun>): AsyncGenerator<TelemetryRow> {
  for await (const inRun of samples) {
    for (const figures of devicesIn(inRun.sample)) yield { ...inRun, figures }
  }
}

export function telemetryColumns({ runId, measurements }: Results): Column<TelemetryRow>[] {
  const byKey = new Map(measurements.map((measurement) => [measurementKey(measurement), measurement]))
  const running = ({ during }: TelemetryRow) => (during === null ? undefined : byKey.get(during.key))
  return [
    { name: 'run_id', of: () => runId },
    { name: 'sampled_at_unix_ms', of: ({ sample }) => sample.atMs },
    { name: 'strategy', of: (row) => running(row)?.id ?? null },
    { name: 'repeat', of: (row) => ordinal(running(row)?.block) },
    { name: 'phase', of: ({ during }) => during?.phase ?? null },
    { name: 'kind', of: ({ figures }) => figures.kind },
    { name: 'device', of: ({ figures }) => figures.device },
    { name: 'model', of: ({ figures }) => figures.model ?? null },
    { name: 'state', of: ({ figures }) => figures.state ?? null },
    { name: 'utilisation_percent', of: ({ figures }) => percent(figures.utilisation ?? null) },
    { name: 'steal_percent', of: ({ figures }) => percent(figures.stealShare ?? null) },
    { name: 'cores_used', of: ({ figures }) => figures.coresUsed ?? null },
    { name: 'memory_used_bytes', of: ({ figures }) => figures.memoryUsedBytes ?? null },
    { name: 'memory_total_bytes', of: ({ figures }) => figures.memoryTotalBytes ?? null },
    { name: 'swap_used_bytes', of: ({ figures }) => figures.swapUsedBytes ?? null },
    { name: 'power_w', of: ({ figures }) => figures.powerWatts ?? null },
    { name: 'power_limit_w', of: ({ figures }) => figures.powerLimitWatts ?? null },
    { name: 'temperature_celsius', of: ({ figures }) => figures.temperatureCelsius ?? null },
    { name: 'clock_mhz', of: ({ figures }) => figures.clockMegahertz ?? null },
    { name: 'memory_clock_mhz', of: ({ figures }) => figures.memoryClockMegahertz ?? null },
    { name: 'throttle_reasons', of: ({ figures }) => figures.throttleReasons?.join('; ') ?? null },
    { name: 'sampling_cost_ms', of: ({ figures }) => figures.samplingCostMs ?? null },
  ]
}

function devicesIn({ cpu, memory, gpus, trainers, costMs }: RunSample): DeviceFigures[] {
  return [
    {
      kind: 'host',
      device: 'CPU',
      utilisation: meanUtilisation(cpu.cores),
      stealShare: cpu.stealShare,
      memoryUsedBytes: memory.usedBytes,
      memoryTotalBytes: memory.totalBytes,
      swapUsedBytes: memory.swapUsedBytes,
      powerWatts: cpu.powerWatts,
      temperatureCelsius: cpu.temperatureCelsius,
      clockMegahertz: cpu.clockMegahertz,
      samplingCostMs: costMs,
    },
    ...cpu.cores.map((utilisation, core) => ({ kind: 'core' as const, device: `core ${core}`, utilisation })),
    ...gpus.map(({ index, coreClockMegahertz, ...gpu }) => ({
      ...gpu,
      kind: 'gpu' as const,
      device: `GPU:${index}`,
      clockMegahertz: coreClockMegahertz,
    })),
    ...trainers.map(({ name, coresUsed, memoryBytes }) => ({
      kind: 'trainer' as const,
      device: name,
      coresUsed,
      memoryUsedBytes: memoryBytes,
    })),
  ]
}

function ordinal(block: number | undefined): number | null {
  return block === undefined ? null : block + 1
}
