import { readlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type GpuIdentity, type GpuSample, lostGpu, noGpuFigures } from '../../shared/child/telemetry.js'
import { listFolder, readNumber, readText } from '../text-files.js'
import type { GpuSourceOpening } from './gpu-source.js'

/** AMD's number among the makers of PCI devices. */
const amdVendor = '0x1002'

interface AmdGpu extends GpuIdentity {
  /** `/sys/class/drm/card0/device` */
  device: string
  /** Its sensors, as the kernel's hwmon interface shows them; null where it has none. */
  sensors: string | null
}

/**
 * Reads AMD's GPUs where Linux's amdgpu driver shows them, counted from 0 in the order of the cards. The driver says
 * neither why clocks are held down nor, without more rights, which processes compute.
 */
export function openAmdSysfs(sys: string): GpuSourceOpening {
  const gpus = findGpus(join(sys, 'class', 'drm'))
  if (gpus.length === 0) return { kind: 'absent' }
  const source = { name: 'amd-sysfs', sample: () => gpus.map(sampleGpu), close() {} } as const
  return { kind: 'opened', source, problems: [] }
}

function findGpus(folder: string): AmdGpu[] {
  const cards = listFolder(folder).filter((name) => /^card\d+$/.test(name))
  return cards
    .sort((a, b) => Number(a.slice(4)) - Number(b.slice(4)))
    .map((card) => ({ card, device: join(folder, card, 'device') }))
    .filter(({ device }) => isAmd(device))
    .map(({ card, device }, index) => {
      const monitors = join(device, 'hwmon')
      const [monitor] = listFolder(monitors)
      const sensors = monitor === undefined ? null : join(monitors, monitor)
      return { index, id: busAddress(device) ?? card, model: modelName(device), device, sensors }
    })
}

function isAmd(device: string): boolean {
  return readText(join(device, 'vendor'))?.trim() === amdVendor
}

/** `device` is a link to the folder that is named after the address: `0000:03:00.0`. */
function busAddress(device: string): string | null {
  try {
    return basename(readlinkSync(device))
  } catch {
    return null
  }
}

/** Only cards for servers say their name; the others their number among AMD's devices. */
function modelName(device: string): string {
  const name = readText(join(device, 'product_name'))?.trim()
  return name ? name : `AMD GPU ${readText(join(device, 'device'))?.trim() ?? ''}`.trim()
}

function sampleGpu({ device, sensors, ...identity }: AmdGpu): GpuSample {
  if (!isAmd(device)) return lostGpu(identity)
  const shown = (name: string): number | null => readNumber(join(device, name))
  const sensed = (unit: number, ...names: string[]): number | null => {
    const values = sensors === null ? [] : names.map((name) => readNumber(join(sensors, name)))
    const value = values.find((candidate) => candidate !== null)
    return value === undefined || value === null ? null : value / unit
  }
  const busyPercent = shown('gpu_busy_percent')
  return {
    ...identity,
    ...noGpuFigures,
    state: 'ok',
    utilisation: busyPercent === null ? null : Math.min(1, busyPercent / 100),
    memoryUsedBytes: shown('mem_info_vram_used'),
    memoryTotalBytes: shown('mem_info_vram_total'),
    powerWatts: sensed(1e6, 'power1_average', 'power1_input'),
    powerLimitWatts: sensed(1e6, 'power1_cap'),
    temperatureCelsius: sensed(1e3, 'temp1_input'),
    coreClockMegahertz: sensed(1e6, 'freq1_input'),
    memoryClockMegahertz: sensed(1e6, 'freq2_input'),
  }
}
