import { type GpuFigures, type GpuIdentity, type GpuSample, lostGpu } from '../../shared/child/telemetry.js'
import { migEntries, namesMigInstances } from '../../shared/nvidia/mig.js'
import { type GpuQuantity, plausible, plausibleMask } from '../../shared/nvidia/plausible.js'
import { hiddenGpus, visibleGpus } from '../../shared/nvidia/visible-gpus.js'
import type { GpuSourceOpening } from './gpu-source.js'
import { type NvmlLibrary, nvmlClock, nvmlStatus, nvmlTemperatureOfGpu } from './nvml-library.js'
import { readNvmlProcesses } from './nvml-processes.js'
import { ownDrawing } from './own-drawing.js'
import { throttleReasons } from './throttle-reasons.js'

/** NVML's own limit for names and UUIDs (NVML_DEVICE_NAME_V2_BUFFER_SIZE). */
const textBytes = 96

interface NvmlDevice {
  /** Null for one that NVML lists and cannot reach. */
  handle: bigint | null
  index: number
  uuid: string
  model: string
}

/** A status that says the GPU is gone; whatever was asked, it will not answer the rest either. */
class GpuIsLost extends Error {}

/**
 * Starts NVML and finds its GPUs, `CUDA_VISIBLE_DEVICES` heeded. A call may hang in the driver; nothing here guards
 * against that.
 */
export function openNvml(library: NvmlLibrary, environment: NodeJS.ProcessEnv): GpuSourceOpening {
  const status = library.init()
  if (status !== nvmlStatus.success) {
    return {
      kind: 'failed',
      problem: `NVIDIA's GPUs are not shown: NVML says ${library.errorString(status)}.`,
    }
  }
  const setting = environment.CUDA_VISIBLE_DEVICES
  const { devices, problems } = namesMigInstances(setting)
    ? findMigInstances(library, setting)
    : findDevices(library)
  const visible = visibleGpus(devices, setting)
  const hidden = hiddenGpus(devices, setting)
  const source = {
    name: 'nvml',
    sample: () =>
      visible.flatMap((device) =>
        device.handle === null ? [] : [sampleDevice(library, device, device.handle)],
      ),
    close: () => void library.shutdown(),
  } as const
  return { kind: 'opened', source, problems: hidden === null ? problems : [...problems, `${hidden}.`] }
}

/** The instances that `CUDA_VISIBLE_DEVICES` names, numbered in its order as runs number them. */
function findMigInstances(
  library: NvmlLibrary,
  setting: string | undefined,
): { devices: NvmlDevice[]; problems: string[] } {
  const devices: NvmlDevice[] = []
  const problems: string[] = []
  for (const [index, entry] of migEntries(setting).entries()) {
    const handle = new BigUint64Array(1)
    const status = library.deviceByUuid?.(entry, handle) ?? nvmlStatus.notFound
    if (status === nvmlStatus.success) {
      const model = askText(library.name, handle[0] ?? 0n) ?? 'NVIDIA MIG instance'
      devices.push({ handle: handle[0] ?? 0n, index, uuid: entry, model })
    } else {
      problems.push(`${entry} is not shown: NVML says ${library.errorString(status)}.`)
    }
  }
  return { devices, problems }
}

function findDevices(library: NvmlLibrary): { devices: NvmlDevice[]; problems: string[] } {
  const devices: NvmlDevice[] = []
  const problems: string[] = []
  const count = new Uint32Array(1)
  const counted = library.deviceCount(count)
  if (counted !== nvmlStatus.success) {
    problems.push(`NVIDIA's GPUs cannot be counted: NVML says ${library.errorString(counted)}.`)
  }
  for (let index = 0; index < (count[0] ?? 0); index++) {
    const handle = new BigUint64Array(1)
    const status = library.deviceByIndex(index, handle)
    if (status !== nvmlStatus.success) {
      problems.push(`GPU ${index} is not shown: NVML says ${library.errorString(status)}.`)
      devices.push({ handle: null, index, uuid: `nvml-${index}`, model: 'NVIDIA GPU' })
      continue
    }
    const device = handle[0] ?? 0n
    const uuid = askText(library.uuid, device) ?? `nvml-${index}`
    devices.push({ handle: device, index, uuid, model: askText(library.name, device) ?? 'NVIDIA GPU' })
  }
  return { devices, problems }
}

function askText(ask: NvmlLibrary['uuid'], device: bigint): string | null {
  const text = new Uint8Array(textBytes)
  if (ask(device, text, textBytes) !== nvmlStatus.success) return null
  const end = text.indexOf(0)
  return new TextDecoder().decode(text.subarray(0, end === -1 ? textBytes : end)) || null
}

function sampleDevice(library: NvmlLibrary, device: NvmlDevice, handle: bigint): GpuSample {
  const identity: GpuIdentity = { index: device.index, id: device.uuid, model: device.model }
  try {
    return { ...identity, state: 'ok', ...readFigures(library, handle) }
  } catch (error) {
    if (error instanceof GpuIsLost) return lostGpu(identity)
    throw error
  }
}

function readFigures(library: NvmlLibrary, device: bigint): GpuFigures {
  /** What a function writes, as unsigned numbers of 32 bits; null for any answer but success. */
  const ask32 = (call: NvmlLibrary['clock'], count: number, ...which: number[]): Uint32Array | null => {
    const values = new Uint32Array(count)
    return answered(call?.(device, ...which, values)) ? values : null
  }
  const ask64 = (call: NvmlLibrary['clock'], count: number): BigUint64Array | null => {
    const values = new BigUint64Array(count)
    return answered(call?.(device, values)) ? values : null
  }
  const figure = (quantity: GpuQuantity, values: Uint32Array | null, unit = 1): number | null =>
    values === null ? null : plausible(quantity, (values[0] ?? 0) / unit)
  const bytes = (value: bigint | undefined): number | null =>
    value === undefined ? null : plausible('memoryBytes', Number(value))

  const percent = figure('utilisationPercent', ask32(library.utilisation, 2))
  // nvmlMemory_t: total, free, used.
  const memory = ask64(memoryOrLost(library.memory), 3)
  const reasons = plausibleMask(ask64(library.throttleReasons, 1)?.[0] ?? null)
  return {
    utilisation: percent === null ? null : percent / 100,
    memoryUsedBytes: bytes(memory?.[2]),
    memoryTotalBytes: bytes(memory?.[0]),
    powerWatts: figure('watts', ask32(library.power, 1), 1000),
    powerLimitWatts: figure('watts', ask32(library.powerLimit, 1), 1000),
    temperatureCelsius: figure('celsius', ask32(library.temperature, 1, nvmlTemperatureOfGpu)),
    coreClockMegahertz: figure('megahertz', ask32(library.clock, 1, nvmlClock.streamingMultiprocessors)),
    memoryClockMegahertz: figure('megahertz', ask32(library.clock, 1, nvmlClock.memory)),
    throttleReasons: reasons === null ? null : throttleReasons(reasons),
    processes: processesOf(library, device),
  }
}

/** What computes on it, and what draws our own window on it, which is the measurement's no more than others are. */
function processesOf(library: NvmlLibrary, device: bigint): GpuFigures['processes'] {
  const ask = (call: NvmlLibrary['processes']): GpuFigures['processes'] =>
    readNvmlProcesses((count, processes) => call?.(device, count, processes), answered)
  const computing = ask(library.processes)
  return computing === null ? null : [...computing, ...ownDrawing(ask(library.drawingProcesses))]
}

/** A driver that fails at a GPU's memory has lost the GPU, whatever it calls that; nvidia-smi's answers are read so too. */
function memoryOrLost(ask: NvmlLibrary['memory']): NvmlLibrary['memory'] {
  if (ask === null) return null
  return (...parameters) => {
    const status = ask(...parameters)
    if (status === nvmlStatus.unknown) throw new GpuIsLost()
    return status
  }
}

/** Undefined: there is no such function. */
function answered(status: number | undefined): boolean {
  if (
    status === nvmlStatus.gpuIsLost ||
    status === nvmlStatus.resetRequired ||
    status === nvmlStatus.notFound
  ) {
    throw new GpuIsLost()
  }
  return status === nvmlStatus.success
}
