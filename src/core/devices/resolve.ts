import { TandemError } from '../../shared/errors.js'
import type { Device } from '../../shared/machine/device.js'
import { formatCores, formatList, formatQuantity } from '../../shared/text/format.js'
import { parseDeviceRequest } from './device-request.js'
import type { Gpu } from './gpus.js'

/** What there is to compute on. */
export interface ComputeInventory {
  /** Logical cores, hardware threads of one physical core beside each other (`allowedCores`). */
  cores: readonly number[]
  /** How many the machine has: an affinity mask or a container may leave fewer. */
  machineCores?: number
  gpus: readonly (Pick<Gpu, 'index' | 'model'> & Partial<Pick<Gpu, 'uuid'>>)[]
  /** What is wrong with other GPUs, or hides them. */
  gpuProblems?: readonly string[]
}

export interface ResolvedDevices {
  kind: Device['kind']
  /** The devices of DP and DDP, all of the same size. */
  devices: Device[]
  /** The one device of Single, the base of every speedup. */
  base: Device
  /** The processor as a whole, for Single's second measurement; null for GPUs and where `base` is the whole. */
  allCores: Device | null
  /** What a reader of the figures should know about the choice. */
  notes: string[]
}

const usualCpuDevices = 2

/**
 * The devices that `request` (`auto`, `cpu`, `cpu:N`, `gpu`, `gpu:0,1`) stands for on this machine. `auto`
 * takes the GPUs when the engine can use at least two of them, since one alone has nothing to be compared
 * with; else the cores, split into two CPU devices.
 *
 * Throws `devices-invalid` for another request and `devices-unavailable` when there are not as many devices.
 */
export function resolveDevices(
  request: string,
  inventory: ComputeInventory,
  engine: { cuda: boolean },
): ResolvedDevices {
  const parsed = parseDeviceRequest(request)
  switch (parsed.kind) {
    case 'cpu':
      return cpuDevices(inventory, parsed.count)
    case 'gpu':
      return gpuDevices(request, inventory, parsed.indexes, engine)
    case 'auto': {
      if (engine.cuda && inventory.gpus.length >= 2) return gpuDevices(request, inventory, null, engine)
      const resolved = cpuDevices(inventory, null)
      return { ...resolved, notes: [...whyNotGpus(inventory.gpus.length, engine), ...resolved.notes] }
    }
  }
}

function cpuDevices(inventory: ComputeInventory, requested: number | null): ResolvedDevices {
  const { cores } = inventory
  const count = requested ?? Math.min(usualCpuDevices, cores.length)
  if (count > cores.length) {
    throw unavailable(
      `--devices cpu:${count}`,
      `${usableCores(inventory)}, so ${cores.length === 1 ? 'cpu:1' : `cpu:1 to cpu:${cores.length}`}`,
    )
  }
  const size = Math.floor(cores.length / count)
  const devices = Array.from({ length: count }, (_, index) =>
    cpuDevice(index, cores.slice(index * size, (index + 1) * size), 'CPU device'),
  )
  const idle = cores.slice(count * size)
  return {
    kind: 'cpu',
    devices,
    base: devices[0] as Device,
    allCores: count === 1 ? null : cpuDevice(0, cores, 'all cores of the CPU'),
    notes: idle.length === 0 ? [] : [describeIdle(idle, cores.length, count)],
  }
}

/** `2 cores may be used here (0-1)`; where the machine has others, they are named, too. */
export function usableCores({ cores, machineCores = cores.length }: ComputeInventory): string {
  const usable = `${formatQuantity(cores.length, 'core')} may be used here (${formatCores(cores)})`
  return machineCores > cores.length
    ? `of the ${formatQuantity(machineCores, 'core')} of this machine, ${usable}`
    : usable
}

function cpuDevice(index: number, cores: readonly number[], what: string): Device {
  const sorted = [...cores].sort((a, b) => a - b)
  const numbers = `${sorted.length === 1 ? 'core' : 'cores'} ${formatCores(sorted)}`
  return { kind: 'cpu', index, description: `${what}, ${numbers}`, cores: sorted }
}

function describeIdle(idle: readonly number[], cores: number, devices: number): string {
  const plural = idle.length !== 1
  return (
    `${plural ? 'Cores' : 'Core'} ${formatCores(idle)} ${plural ? 'stay' : 'stays'} idle: ` +
    `${cores} cores do not divide into ${devices} equal CPU devices.`
  )
}

function gpuDevices(
  request: string,
  { gpus, gpuProblems = [] }: ComputeInventory,
  requested: number[] | null,
  engine: { cuda: boolean },
): ResolvedDevices {
  const flag = `--devices ${request}`
  if (gpus.length === 0) throw unavailable(flag, `${whyNoGpu(gpuProblems)}, so cpu or cpu:N`)
  if (!engine.cuda) {
    throw unavailable(
      flag,
      'the engine in use cannot compute on GPUs, so cpu or cpu:N',
      'Install one that can: tandem engine install --flavour cuda',
    )
  }
  const indexes = requested ?? gpus.map((gpu) => gpu.index)
  const devices = indexes.map((index) => {
    const gpu = gpus.find((candidate) => candidate.index === index)
    if (gpu === undefined) {
      const names = formatList(gpus.map((candidate) => `${candidate.index}`))
      throw unavailable(
        flag,
        `there is no GPU ${index}; this machine has ${gpus.length === 1 ? 'GPU' : 'GPUs'} ${names}${inBrackets(gpuProblems)}`,
      )
    }
    return { kind: 'gpu', index, description: gpu.model, cores: [], ...cudaName(gpu) } satisfies Device
  })
  if (new Set(indexes).size < indexes.length) throw unavailable(flag, 'each GPU can be named once')
  const models = [...new Set(devices.map((device) => device.description))]
  const notes =
    models.length === 1
      ? []
      : [`The GPUs differ (${formatList(models)}); the slowest sets the pace of DP and DDP.`]
  return { kind: 'gpu', devices, base: devices[0] as Device, allCores: null, notes }
}

/** Why there is none to compute on: "no NVIDIA GPU can be used (GPU 0 …)", or that there is none. */
export function whyNoGpu(gpuProblems: readonly string[]): string {
  return gpuProblems.length === 0
    ? 'this machine has no NVIDIA GPU'
    : `no NVIDIA GPU can be used${inBrackets(gpuProblems)}`
}

function inBrackets(gpuProblems: readonly string[]): string {
  return gpuProblems.length === 0 ? '' : ` (${gpuProblems.join('; ')})`
}

/** Only what CUDA understands: a made-up name does not travel. */
function cudaName({ uuid }: { uuid?: string }): { uuid?: string } {
  return uuid !== undefined && /^(GPU|MIG)-/.test(uuid) ? { uuid } : {}
}

function whyNotGpus(gpus: number, engine: { cuda: boolean }): string[] {
  if (gpus === 0) return []
  if (!engine.cuda) {
    return [
      `${formatQuantity(gpus, 'GPU')} found, but the engine in use cannot compute on GPUs; CPU devices are used.`,
    ]
  }
  return [
    '1 GPU found: DP and DDP need two, so CPU devices are used. --devices gpu measures Single on the GPU.',
  ]
}

function unavailable(flag: string, allowed: string, hint?: string): TandemError {
  return new TandemError({
    code: 'devices-unavailable',
    message: `${flag}: ${allowed}`,
    hint: hint ?? 'See what there is with: tandem devices',
    setting: { name: 'devices', problem: allowed },
  })
}
