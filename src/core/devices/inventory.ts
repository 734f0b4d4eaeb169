import { cpus } from 'node:os'
import { allowedCores } from './allowed-cores.js'
import { detectGpus, type GpuDetection } from './gpus.js'
import type { ComputeInventory } from './resolve.js'

/** What this machine has to compute on. Takes the GPUs where they have been asked for already. */
export async function detectInventory(
  detection: Promise<GpuDetection> = detectGpus(),
): Promise<ComputeInventory> {
  const [cores, { gpus, problems }] = await Promise.all([allowedCores(), detection])
  return { cores, machineCores: cpus().length, gpus, gpuProblems: problems }
}
