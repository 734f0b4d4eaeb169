import { deviceKinds, deviceKindTitle } from '../../shared/domain/device-kinds.js'
import { type EngineName, engines } from '../../shared/domain/engines.js'
import { allCores, idOnEngine, isOnAllCores, measurementId } from '../../shared/domain/measurement-ids.js'
import { describeSlowRank, slowRankOf } from '../../shared/domain/slow-rank.js'
import { type Strategy, strategies, strategyNames } from '../../shared/domain/strategies.js'
import { TandemError } from '../../shared/errors.js'
import { type Device, isHere, machineCount } from '../../shared/machine/device.js'
import type { Measurement } from '../../shared/results/results.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import { formatList, formatQuantity } from '../../shared/text/format.js'
import type { ResolvedDevices } from '../devices/resolve.js'

export interface PlanningInput {
  configuration: RunConfiguration
  /** `base` is the base's device; `allCores` what the base is measured on once more, on CPU devices. */
  devices: Pick<ResolvedDevices, 'devices' | 'base' | 'allCores'>
  /** What computes, in the order in which they are compared. */
  engines: readonly EngineName[]
  /** Whether a strategy of a process a device may run alone, as torchrun does with one process. */
  isGroupOfOneAllowed?: boolean
  /** Whether every strategy may have one device alone: it shows that a strategy works, and nothing to compare. */
  isOneDeviceAllowed?: boolean
  /** What is wrong with GPUs that there are besides, or hides them. */
  gpuProblems?: readonly string[]
}

/**
 * What a run measures, in order, before anything ran: `running` for what will be, `skipped` with the reason
 * for what cannot be. On CPU devices the base is measured twice, on one of them and on all cores.
 *
 * Throws `gpu-required` where the configuration demands GPUs that are not there.
 */
export function planMeasurements(input: PlanningInput): Measurement[] {
  const { configuration } = input
  if (configuration.requireGpu) assertGpus(input)
  return strategyNames
    .filter((strategy) => configuration.strategies.includes(strategy))
    .flatMap((strategy) =>
      strategies[strategy].isBase
        ? [planBase(input, strategy), ...planAllCores(input, strategy)]
        : planDeviceCounts(input, strategy),
    )
    .flatMap((planned) => input.engines.map((engine) => onEngine(planned, engine, input.engines)))
}

/** Several engines in a run are told apart by id and title; the first one's ids are those of a run with it alone. */
function onEngine(planned: Measurement, engine: EngineName, all: readonly EngineName[]): Measurement {
  const measurement = { ...planned, backend: engine }
  const able = skipWhereEngineCannot(measurement, engine)
  if (all.length === 1) return able
  const id = engine === all[0] ? planned.id : idOnEngine(planned.id, engine)
  return { ...able, id, title: `${planned.title} · ${engines[engine].title}` }
}

function planDeviceCounts(input: PlanningInput, strategy: Strategy): Measurement[] {
  const devices = devicesFor(input, strategy)
  const counts = sweptCounts(input.configuration, devices)
  return counts.map((count) => planParallel(input, strategy, count))
}

/** One process reaches the devices of one machine only: those of the host's. */
function devicesFor({ devices: { devices } }: PlanningInput, strategy: Strategy): readonly Device[] {
  return strategies[strategy].processes === 'one' ? devices.filter(isHere) : devices
}

/**
 * On how many of the devices, the fewest first and all of them last. One device is the base's. Where there are several
 * machines, all devices of the first one are among them: what the network costs shows from there on.
 */
function sweptCounts({ sweep }: RunConfiguration, devices: readonly Device[]): number[] {
  const all = devices.length
  if (typeof sweep !== 'boolean') return [...sweep.filter((count) => count > 1 && count < all), all]
  const counts = new Set<number>()
  if (sweep) for (let count = 2; count < all; count *= 2) counts.add(count)
  const ofFirst = devices.filter(isHere).length
  if (ofFirst > 1 && ofFirst < all) counts.add(ofFirst)
  return [...[...counts].sort((a, b) => a - b), all]
}

function planBase({ configuration, devices }: PlanningInput, strategy: Strategy): Measurement {
  const batchSize = configuration.batchSizeSingle
  return newMeasurement({
    id: measurementId(strategy),
    strategy,
    title: strategies[strategy].title,
    devices: [devices.base],
    perDeviceBatchSize: batchSize,
    globalBatchSize: batchSize,
  })
}

/** None where the base's one device has all the cores anyway. */
function planAllCores({ configuration, devices }: PlanningInput, strategy: Strategy): Measurement[] {
  if (devices.allCores === null) return []
  const batchSize = configuration.batchSizeSingle
  return [
    newMeasurement({
      id: allCores.id,
      strategy,
      title: allCores.title,
      devices: [devices.allCores],
      perDeviceBatchSize: batchSize,
      globalBatchSize: batchSize,
    }),
  ]
}

function planParallel(input: PlanningInput, strategy: Strategy, count: number): Measurement {
  const { title, fullName, processes, leastDevices } = strategies[strategy]
  const all = devicesFor(input, strategy)
  const devices = all.slice(0, count)
  const hasProcessEach = processes === 'one-a-device'
  const planned = newMeasurement({
    id: measurementId(strategy, count === all.length ? null : count),
    strategy,
    title: titleOf(input, title, devices, strategies[strategy].exchangesGradients),
    devices,
    worldSize: hasProcessEach ? count : 1,
    ...batchSizes(input.configuration, count),
  })
  if (!hasProcessEach && devices.length > 1 && devices.some(isMigInstance)) {
    return skip(planned, `${fullName} is one process, and CUDA shows one MIG instance to a process`)
  }
  const mayBeAlone =
    input.isOneDeviceAllowed === true || (hasProcessEach && input.isGroupOfOneAllowed === true)
  const least = mayBeAlone ? 1 : leastDevices
  if (devices.length >= least) return planned
  return skip(planned, `${fullName} needs at least ${least} devices; ${describeDevices(input)}`)
}

/** A demonstration says in every view what it is. */
function titleOf(
  { configuration: { sweep, slowRank: text }, devices: all }: PlanningInput,
  title: string,
  devices: readonly Device[],
  exchanges: boolean,
): string {
  const count = devices.length
  const slowRank = exchanges ? slowRankOf(text) : null
  const isOfSeveral = exchanges && machineCount(all.devices) > 1
  const onMachines = isOfSeveral ? `, ${formatQuantity(machineCount(devices), 'machine')}` : ''
  const counted = `${sweep || isOfSeveral ? `${title} x${count}` : title}${onMachines}`
  return slowRank === null || slowRank.rank >= count ? counted : `${counted}, ${describeSlowRank(slowRank)}`
}

function skipWhereEngineCannot(planned: Measurement, backend: EngineName): Measurement {
  const { title, strategies: able, usesCoresOfDevice, exchangesBetweenMachines } = engines[backend]
  if (isOnAllCores(planned) && !usesCoresOfDevice) {
    return skip(planned, `${title} computes on one thread; more cores would be idle`)
  }
  const { strategy, devices, status } = planned
  if (status !== 'skipped' && machineCount(devices) > 1 && !exchangesBetweenMachines) {
    return skip(planned, `${title} exchanges gradients within one machine only`)
  }
  const kinds = able[strategy]
  if (status === 'skipped' || devices.every(({ kind }) => kinds.includes(kind))) return planned
  const where = formatList(kinds.map((kind) => `${deviceKinds[kind].title}s`))
  return skip(
    planned,
    `${title} has ${strategies[strategy].fullName} ${where === '' ? 'on no device' : `on ${where} only`}`,
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
  const quantity = formatQuantity(devices.length, deviceKindTitle(devices))
  const request = configuration.devices
  return request.includes(':') ? `--devices ${request} is ${quantity}` : `this machine has ${quantity}`
}

function isMigInstance({ uuid }: Device): boolean {
  return uuid?.startsWith('MIG-') ?? false
}

function assertGpus({ configuration, devices: { devices }, gpuProblems = [] }: PlanningInput): void {
  const gpus = devices.filter((device) => device.kind === 'gpu').length
  const needed = Math.max(...configuration.strategies.map((strategy) => strategies[strategy].leastDevices))
  if (gpus >= needed) return
  const why = gpuProblems.length === 0 ? '' : ` (${gpuProblems.join('; ')})`
  const problem = `${configuration.strategies.join(', ')} needs ${formatQuantity(needed, 'GPU')}; this run has ${gpus}${why}`
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
