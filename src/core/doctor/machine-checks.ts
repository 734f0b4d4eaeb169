import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Environment } from '../../shared/conditions/conditions.js'
import { type CheckFinding, fail, pass, skipped, warn } from '../../shared/doctor/doctor-report.js'
import { models } from '../../shared/domain/models.js'
import type { SystemFolders } from '../../shared/machine/system-folders.js'
import {
  formatBytes,
  formatCoreLimit,
  formatCores,
  formatCount,
  formatQuantity,
} from '../../shared/text/format.js'
import { slowSettings } from '../../shared/validity/rules/power.js'
import { listFolder, readText } from '../conditions/system-files.js'
import { readMemoryLimit } from '../devices/memory-limit.js'

/** What checks of the machine look at. */
export interface MachineUnderCheck {
  folders: SystemFolders
  /** Where ranks meet in memory: `/dev/shm`. */
  sharedMemoryFolder: string
  platform: NodeJS.Platform
  /** Devices that DDP would have a rank each on. */
  devices: number
  hasGpus: boolean
  allowedCores: readonly number[]
  logicalCores: number
  environment: Environment | null
  /** Benchmarks that are under way, by id. */
  benchmarks: readonly string[]
  /** Cores that everything else keeps busy; null where the system does not count. */
  busyCores(): Promise<number | null>
}

export interface MachineCheck {
  id: string
  title: string
  run(machine: MachineUnderCheck): Promise<CheckFinding>
}

/** What a machine needs for training, in order. Where a system does not say, a check is skipped. */
export const machineChecks: readonly MachineCheck[] = [
  { id: 'cores', title: 'Processor cores', run: checkCores },
  { id: 'other-work', title: 'Other work', run: checkOtherWork },
  { id: 'clocks', title: 'Clocks and power', run: checkClocks },
  { id: 'memory', title: 'Memory', run: checkMemory },
  { id: 'shared-memory', title: 'Shared memory', run: checkSharedMemory },
  { id: 'file-handles', title: 'File handles', run: checkFileHandles },
  { id: 'pinned-memory', title: 'Pinned memory', run: checkPinnedMemory },
  { id: 'iommu', title: 'IOMMU', run: checkIommu },
]

async function checkCores({
  allowedCores,
  logicalCores,
  environment,
}: MachineUnderCheck): Promise<CheckFinding> {
  const quota = environment?.cpuQuotaCores ?? null
  const usable = `${formatQuantity(allowedCores.length, 'core')} of ${logicalCores} usable (${formatCores([...allowedCores])})`
  if (quota !== null && quota < allowedCores.length) {
    return warn(
      `${usable}, but a container's limit of ${formatCoreLimit(quota)}`,
      'Raise the limit (docker run --cpus), or name fewer CPU devices: a program that uses all cores is paused for a part of each period.',
    )
  }
  const limited = quota === null ? usable : `${usable}, limit ${formatCoreLimit(quota)}`
  if (allowedCores.length < 2) {
    return warn(limited, 'DP and DDP need two devices. Give this container or task two cores, or a GPU.')
  }
  return pass(limited)
}

/** Above this share of a machine, others show in what a run measures. */
const quietShare = 0.1

async function checkOtherWork({
  benchmarks,
  busyCores,
  logicalCores,
}: MachineUnderCheck): Promise<CheckFinding> {
  if (benchmarks.length > 0) {
    return warn(
      `${formatQuantity(benchmarks.length, 'benchmark')} under way: ${benchmarks.join(', ')}`,
      'Doctor takes its time, and its figures do not count. Wait until it has ended.',
    )
  }
  const busy = await busyCores()
  if (busy === null) return skipped('this system does not count')
  const found = `other programs keep ${busy.toFixed(1)} of ${formatQuantity(logicalCores, 'core')} busy`
  if (busy <= quietShare * logicalCores) return pass(found)
  return warn(found, 'Close other programs before you measure: they take time from whatever trains.')
}

async function checkClocks({ folders, environment }: MachineUnderCheck): Promise<CheckFinding> {
  if (environment === null) return skipped('this system does not say')
  const slow = slowSettings(environment)
  if (environment.onBattery === true) slow.push('on battery')
  const cap = await readPowerCap(folders)
  if (slow.length > 0)
    return warn(slow.join(', '), 'Choose the profile or governor "performance", and connect the machine.')
  if (cap?.ownWatts != null && cap.watts < freeShare * cap.ownWatts) {
    return warn(
      `the processor may draw ${formatWatts(cap.watts)} of ${formatWatts(cap.ownWatts)}`,
      'Figures are those of a slower processor. Raise the limit in the firmware, or through powercap.',
    )
  }
  const governors = environment.frequencyScaling?.governors ?? []
  const known = [
    ...(governors.length > 0 ? [`governor ${governors.join(', ')}`] : []),
    ...(cap === null ? [] : [`the processor may draw ${formatWatts(cap.watts)}`]),
  ]
  return known.length === 0
    ? skipped('this system does not say; common in virtual machines')
    : pass(known.join(', '))
}

/** Below this share of what a processor is made for, a limit shows in the figures. */
const freeShare = 0.9

/** Watts that the processor's long-term limit allows (RAPL), and what it is made for; null where the system does not say. */
async function readPowerCap({
  sys,
}: SystemFolders): Promise<{ watts: number; ownWatts: number | null } | null> {
  const read = async (name: string): Promise<number | null> => {
    const text = await readText(join(sys, 'class', 'powercap', 'intel-rapl:0', name))
    // Virtual machines say 0.
    return text !== null && /^[1-9]\d*$/.test(text) ? Number(text) / 1e6 : null
  }
  const watts = await read('constraint_0_power_limit_uw')
  return watts === null ? null : { watts, ownWatts: await read('constraint_0_max_power_uw') }
}

function formatWatts(watts: number): string {
  return `${watts < 10 ? watts.toFixed(1) : formatCount(watts)} W`
}

const leastMemoryBytes = 2 * 2 ** 30
const comfortableMemoryBytes = 4 * 2 ** 30

async function checkMemory({ folders, environment }: MachineUnderCheck): Promise<CheckFinding> {
  const available = environment?.memory.availableBytes ?? null
  if (available === null) return skipped('this system does not say what is available')
  const limit = await readMemoryLimit(folders)
  const found = `${formatBytes(available)} available${limit === null ? '' : `, container's limit ${formatBytes(limit)}`}`
  if (available < leastMemoryBytes) {
    return fail(
      found,
      "Close programs, or raise the container's limit (docker run --memory): each trainer takes a gigabyte or more.",
    )
  }
  if (available < comfortableMemoryBytes)
    return warn(found, 'Enough for two small trainers. Close programs before you measure.')
  return pass(found)
}

async function checkSharedMemory({
  sharedMemoryFolder,
  devices,
  platform,
}: MachineUnderCheck): Promise<CheckFinding> {
  if (platform !== 'linux') return skipped('ranks exchange gradients through files on this system')
  const system = await statfs(sharedMemoryFolder).catch(() => null)
  const advice =
    'Start the container with more shared memory: docker run --shm-size=2g. Until then ranks meet in the temporary folder, which is slower.'
  if (system === null) return fail(`${sharedMemoryFolder} is not there`, advice)
  const free = system.bavail * system.bsize
  const ranks = Math.max(2, devices)
  const needed = (ranks + 1) * models.resnet34.parameters.torchvision * Float32Array.BYTES_PER_ELEMENT
  const found = `${formatBytes(free)} free in ${sharedMemoryFolder}; ${ranks} ranks of ResNet-34 need ${formatBytes(needed)}`
  return free < needed ? fail(found, advice) : pass(found)
}

async function checkFileHandles({ folders }: MachineUnderCheck): Promise<CheckFinding> {
  const limit = await readLimit(folders, 'Max open files')
  if (limit === null) return skipped('this system does not say')
  const found = limit === Number.POSITIVE_INFINITY ? 'unlimited' : `${formatCount(limit)} a process`
  const advice = 'Raise the limit: ulimit -n 4096, or docker run --ulimit nofile=65536.'
  if (limit < 256) return fail(found, advice)
  return limit < 1024 ? warn(found, advice) : pass(found)
}

async function checkPinnedMemory({ folders, hasGpus }: MachineUnderCheck): Promise<CheckFinding> {
  const limit = await readLimit(folders, 'Max locked memory')
  if (limit === null) return skipped('this system does not say')
  const found = limit === Number.POSITIVE_INFINITY ? 'unlimited' : `${formatBytes(limit)} a process`
  if (!hasGpus) return pass(`${found}; only copies to GPUs need it`)
  if (limit >= 64 * 2 ** 20) return pass(found)
  return warn(
    found,
    'Copies between GPUs and networks may fall back to slower ways: ulimit -l unlimited, or docker run --ulimit memlock=-1.',
  )
}

async function checkIommu({ folders, hasGpus, platform }: MachineUnderCheck): Promise<CheckFinding> {
  if (platform !== 'linux') return skipped('this system does not say')
  const units = await listFolder(join(folders.sys, 'class', 'iommu'))
  if (units.length === 0) return pass('off')
  const commandLine = (await readText(join(folders.proc, 'cmdline'))) ?? ''
  if (/\biommu=(pt|off)\b/.test(commandLine)) return pass('on, passed through (iommu=pt)')
  if (!hasGpus) return pass(`on (${formatQuantity(units.length, 'unit')}); only copies between GPUs mind it`)
  return warn(
    `on (${formatQuantity(units.length, 'unit')})`,
    'Copies between GPUs may arrive as zeros or hang on some boards: see "Copies between devices" below. Start the kernel with iommu=pt.',
  )
}

/** The soft limit of this process by the name that Linux gives it; null where there is none to read. */
async function readLimit({ proc }: SystemFolders, name: string): Promise<number | null> {
  const limits = (await readText(join(proc, 'self', 'limits'))) ?? ''
  const line = limits.split('\n').find((text) => text.startsWith(name))
  const [, soft] = /\s{2,}(unlimited|\d+)\s/.exec(line?.slice(name.length) ?? '') ?? []
  if (soft === undefined) return null
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft)
}
