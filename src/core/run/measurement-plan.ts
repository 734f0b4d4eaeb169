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
  if (wanted('dp')) measurements.push(...planDeviceCounts(input, 'dp', 2))
  if (wanted('ddp')) measurements.push(...planDeviceCounts(input, 'ddp', input.minimumDdpDevices ?? 2))
  return measurements
}

/** On all devices; in a sweep also on 2, 4, 8 ... of them, the fewest first. */
function planDeviceCounts(
  input: PlanningInput,
  strategy: 'dp' | 'ddp',
  minimumDevices: number,
): Measurement[] {
  const all = input.devices.devices.length
  const counts: number[] = []
  if (input.configuration.sweep) for (let count = 2; count < all; count *= 2) counts.push(count)
  return [...counts, all].map((count) => planMultiDevice(input, strategy, count, minimumDevices))
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

function planMultiDevice(
  input: PlanningInput,
  strategy: 'dp' | 'ddp',
  count: number,
  minimumDevices: number,
): Measurement {
  const all = input.devices.devices
  const devices = all.slice(0, count)
  const name = strategy.toUpperCase()
  const planned = newMeasurement({
    id: count === all.length ? strategy : `${strategy}@${count}`,
    strategy,
    title: input.configuration.sweep ? `${name} x${count}` : name,
    devices,
    worldSize: strategy === 'ddp' ? count : 1,
    ...batchSizes(input.configuration, count),
  })
  if (devices.length >= minimumDevices) return planned
  return skip(
    planned,
    `${fullName(strategy)} needs at least ${minimumDevices} devices; ${describeDevices(input)}`,
  )
}

/**
 * Weak scaling keeps a device's batch, strong scaling the global one. Throws `usage` where the latter does not divide.
 */
function batchSizes(
  { scaling, perGpuBatchSize, batchSizeSingle }: RunConfiguration,
  devices: number,
): Pick<Measurement, 'perDeviceBatchSize' | 'globalBatchSize'> {
  if (scaling === 'weak') {
    return { perDeviceBatchSize: perGpuBatchSize, globalBatchSize: perGpuBatchSize * devices }
  }
  const perDeviceBatchSize = batchSizeSingle / devices
  if (Number.isInteger(perDeviceBatchSize)) return { perDeviceBatchSize, globalBatchSize: batchSizeSingle }
  const problem = `a fixed global batch of ${batchSizeSingle} does not divide over ${formatQuantity(devices, 'device')}`
  throw new TandemError({
    code: 'usage',
    message: `--batch-size-single ${batchSizeSingle} with --scaling strong: ${problem}`,
    hint: `Choose a multiple of ${devices}.`,
    setting: { name: 'batchSizeSingle', problem },
  })
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
    block: 0,
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
    firstStepLoss: null,
    peakMemoryBytes: null,
    epochs: [],
    epochTimes: [],
    meanEpochSeconds: null,
    imagesPerSecond: null,
    speedup: null,
    efficiency: null,
    conditions: null,
    ranks: [],
    ...planned,
  }
}
