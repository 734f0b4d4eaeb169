import { assertNever, TandemError } from '../../shared/errors.js'
import { formatQuantity } from '../../shared/format.js'
import type { Measurement } from '../../shared/results.js'
import type { BackendName, RunConfiguration, Strategy } from '../../shared/run-configuration.js'
import type { ResolvedDevices } from '../devices/resolve.js'

export interface PlanningInput {
  configuration: RunConfiguration
  /** `base` is Single's device; `allCores` what Single is measured on once more, on CPU devices. */
  devices: Pick<ResolvedDevices, 'devices' | 'base' | 'allCores'>
  backend: BackendName
  /** 1 lets DDP run alone, as torchrun does with one process. */
  minimumDdpDevices?: number
}

/**
 * What a run measures, in order, before anything ran: `running` for what will be, `skipped` with the reason
 * for what cannot be. On CPU devices Single is measured twice, on one of them and on all cores.
 *
 * Throws `gpu-required` where the configuration demands GPUs that are not there.
 */
export function planMeasurements(input: PlanningInput): Measurement[] {
  if (input.configuration.requireGpu) assertGpus(input)
  const wanted = (strategy: Strategy): boolean => input.configuration.strategies.includes(strategy)
  const measurements: Measurement[] = []
  if (wanted('single')) {
    measurements.push(planSingle(input), ...planSingleAllCores(input))
  }
  if (wanted('dp')) measurements.push(planMultiDevice(input, 'dp', 2))
  if (wanted('ddp')) measurements.push(planMultiDevice(input, 'ddp', input.minimumDdpDevices ?? 2))
  return measurements
}

function planSingle({ configuration, devices }: PlanningInput): Measurement {
  const batchSize = configuration.batchSizeSingle
  return newMeasurement({
    id: 'single',
    strategy: 'single',
    title: 'Single',
    devices: [devices.base],
    perDeviceBatchSize: batchSize,
    globalBatchSize: batchSize,
  })
}

/** None where Single's one device has all the cores anyway. */
function planSingleAllCores({ configuration, devices, backend }: PlanningInput): Measurement[] {
  if (devices.allCores === null) return []
  const batchSize = configuration.batchSizeSingle
  const planned = newMeasurement({
    id: 'single-all-cores',
    strategy: 'single',
    title: 'Single (all cores)',
    devices: [devices.allCores],
    perDeviceBatchSize: batchSize,
    globalBatchSize: batchSize,
  })
  if (backend === 'tensorflow') return [planned]
  return [skip(planned, 'WebAssembly computes on one thread; more cores would be idle')]
}

function planMultiDevice(input: PlanningInput, strategy: 'dp' | 'ddp', minimumDevices: number): Measurement {
  const { configuration } = input
  const { devices } = input.devices
  const planned = newMeasurement({
    id: strategy,
    strategy,
    title: strategy.toUpperCase(),
    devices,
    worldSize: strategy === 'ddp' ? devices.length : 1,
    perDeviceBatchSize: configuration.perGpuBatchSize,
    globalBatchSize: configuration.perGpuBatchSize * devices.length,
  })
  if (devices.length >= minimumDevices) return planned
  return skip(
    planned,
    `${fullName(strategy)} needs at least ${minimumDevices} devices; ${describeDevices(input)}`,
  )
}

/** "this machine has 1 GPU", or what the request names when it limits the devices itself. */
function describeDevices({ configuration, devices: { devices } }: PlanningInput): string {
  const kind = devices[0]?.kind === 'gpu' ? 'GPU' : 'CPU device'
  const quantity = formatQuantity(devices.length, kind)
  const request = configuration.devices
  return request.includes(':') ? `--devices ${request} is ${quantity}` : `this machine has ${quantity}`
}

function fullName(strategy: 'dp' | 'ddp'): string {
  switch (strategy) {
    case 'dp':
      return 'DataParallel'
    case 'ddp':
      return 'DistributedDataParallel'
    default:
      return assertNever(strategy, 'strategy')
  }
}

function assertGpus({ configuration, devices: { devices } }: PlanningInput): void {
  const gpus = devices.filter((device) => device.kind === 'gpu').length
  const needed = configuration.strategies.some((strategy) => strategy !== 'single') ? 2 : 1
  if (gpus >= needed) return
  const problem = `${configuration.strategies.join(', ')} needs ${formatQuantity(needed, 'GPU')}; this run has ${gpus}`
  throw new TandemError({
    code: 'gpu-required',
    message: `--require-gpu: ${problem}`,
    hint: 'Leave --require-gpu out to run on CPU devices, or to skip what cannot run.',
    setting: { name: 'requireGpu', problem },
  })
}

function skip(planned: Measurement, skipReason: string): Measurement {
  return { ...planned, status: 'skipped', skipReason }
}

type PlannedFields = 'id' | 'strategy' | 'title' | 'devices' | 'perDeviceBatchSize' | 'globalBatchSize'

function newMeasurement(planned: Pick<Measurement, PlannedFields> & { worldSize?: number }): Measurement {
  return {
    status: 'running',
    skipReason: null,
    error: null,
    worldSize: 1,
    backend: null,
    backendVersion: null,
    collective: null,
    loadMs: null,
    traceMs: null,
    firstStepMs: null,
    peakMemoryBytes: null,
    epochs: [],
    epochTimes: [],
    meanEpochSeconds: null,
    imagesPerSecond: null,
    speedup: null,
    efficiency: null,
    ranks: [],
    ...planned,
  }
}
