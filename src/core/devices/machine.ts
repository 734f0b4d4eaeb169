import { arch, cpus, hostname, release, type as systemType, totalmem } from 'node:os'
import { cpu, osInfo } from 'systeminformation'
import { z } from 'zod'
import type { MachinePassport } from '../../shared/results/results.js'
import { answerWithin } from '../within.js'
import { detectGpus, type GpuDetection } from './gpus.js'

/** The passport without what only a run knows: the versions of Tandem, Node and TensorFlow. */
export type Machine = Omit<MachinePassport, 'tandemVersion' | 'nodeVersion' | 'tensorflowVersion'>

const cpuSchema = z.object({ manufacturer: z.string(), brand: z.string(), physicalCores: z.number() })
const systemSchema = z.object({ distro: z.string(), release: z.string() })

/**
 * What this machine is. Never throws and never hangs: a source that fails or is silent for `timeoutMs`
 * leaves null, or what Node itself knows.
 */
export async function detectMachine(
  detection: Promise<GpuDetection> = detectGpus(),
  timeoutMs = 5_000,
): Promise<Machine> {
  const [processor, system, { gpus, driverVersion }] = await Promise.all([
    within(timeoutMs, cpu, cpuSchema),
    within(timeoutMs, osInfo, systemSchema),
    detection,
  ])
  const [firstCore] = cpus()
  const cpuName = processor === null ? '' : `${processor.manufacturer} ${processor.brand}`.trim()
  // Without the system's own tools the answer is the word "unknown".
  const known = system !== null && system.distro !== 'unknown'
  const distribution = known ? `${system.distro} ${system.release}`.trim() : ''
  return {
    hostName: hostname(),
    operatingSystem: distribution === '' ? `${systemType()} ${release()}` : distribution,
    architecture: arch(),
    cpuModel: cpuName || firstCore?.model.trim() || 'unknown',
    physicalCores: positiveOrNull(processor?.physicalCores),
    logicalCores: Math.max(1, cpus().length),
    memoryBytes: totalmem(),
    gpus: gpus.map(({ index, model, memoryBytes }) => ({ index, model, memoryBytes })),
    gpuDriverVersion: driverVersion,
  }
}

/** Null also for an answer of another form. */
async function within<T>(
  timeoutMs: number,
  ask: () => Promise<unknown>,
  schema: z.ZodType<T>,
): Promise<T | null> {
  return schema.safeParse(await answerWithin(timeoutMs, ask)).data ?? null
}

function positiveOrNull(count: number | undefined): number | null {
  return count !== undefined && Number.isInteger(count) && count > 0 ? count : null
}
