import type { GpuSample } from '../../../shared/child/telemetry.js'
import {
  deviceFigureNames,
  deviceFigures,
  inUnit,
  type SampledDevice,
  sampledDevices,
} from '../../../shared/domain/device-figures.js'
import { measurementKey, type Results } from '../../../shared/results/results.js'
import type { SampleInRun } from '../run-samples.js'
import type { Column } from './table.js'

export interface TelemetryRow extends SampleInRun {
  device: SampledDevice
}

/** A row for each device of each sample. */
export async function* telemetryRows(samples: AsyncIterable<SampleInRun>): AsyncGenerator<TelemetryRow> {
  for await (const inRun of samples) {
    for (const device of sampledDevices(inRun.sample)) yield { ...inRun, device }
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
    { name: 'kind', of: ({ device }) => (device.kind === 'cpu' ? 'host' : device.kind) },
    { name: 'device', of: ({ device }) => device.name },
    { name: 'model', of: (row) => gpuOf(row)?.model ?? null },
    { name: 'state', of: (row) => gpuOf(row)?.state ?? null },
    ...deviceFigureNames.map((name): Column<TelemetryRow> => {
      const { csv } = deviceFigures[name]
      return { name: csv.column, of: ({ device }) => inUnit(name, device.figures[name], csv.scale) }
    }),
    { name: 'throttle_reasons', of: (row) => gpuOf(row)?.throttleReasons?.join('; ') ?? null },
    { name: 'sampling_cost_ms', of: ({ device, sample }) => (device.kind === 'cpu' ? sample.costMs : null) },
  ]
}

function gpuOf({ sample, device }: TelemetryRow): GpuSample | undefined {
  if (device.kind !== 'gpu') return undefined
  return sample.gpus.find(({ index }) => device.name === `GPU:${index}`)
}

function ordinal(block: number | undefined): number | null {
  return block === undefined ? null : block + 1
}
