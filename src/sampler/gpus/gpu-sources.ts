import type { GpuSample, GpuSource as GpuSourceName } from '../../shared/child/telemetry.js'
import { toErrorReport } from '../../shared/errors.js'
import { openAmdSysfs } from './amd-sysfs.js'
import type { GpuSource, GpuSourceOpening } from './gpu-source.js'
import { openNvidiaSmi } from './nvidia-smi.js'
import { openNvml } from './nvml.js'
import { loadNvml } from './nvml-library.js'

/** All GPUs of this machine, wherever their figures come from. */
export interface Gpus {
  readonly sources: GpuSourceName[]
  /** Why a source that should be there is not; lines for people. */
  readonly problems: string[]
  /** NVIDIA's by their own numbers, AMD's counted on after them. Empty for a source that fails. */
  sample(nowMs: number): GpuSample[]
  close(): void
}

/** Opens what there is. */
export async function openGpus(options: {
  environment: NodeJS.ProcessEnv
  intervalMs: number
  sys: string
}): Promise<Gpus> {
  const nvidia = await openNvidia(options.environment, options.intervalMs)
  return combineSources([nvidia, openAmdSysfs(options.sys)])
}

/** All that were opened as one, in this order. */
export function combineSources(openings: readonly GpuSourceOpening[]): Gpus {
  const sources = openings.flatMap((opening) => (opening.kind === 'opened' ? [opening.source] : []))
  return {
    sources: sources.map(({ name }) => name),
    problems: openings.flatMap(problemsOf),
    sample(nowMs) {
      const gpus: GpuSample[] = []
      for (const source of sources) gpus.push(...numberedAfter(gpus, sampleOrNone(source, nowMs)))
      return gpus
    },
    close() {
      for (const source of sources) source.close()
    },
  }
}

/** NVML comes first: nvidia-smi takes a process of its own and knows less. */
async function openNvidia(environment: NodeJS.ProcessEnv, intervalMs: number): Promise<GpuSourceOpening> {
  try {
    return openNvml(loadNvml(process.platform, environment), environment)
  } catch (thrown) {
    return await openInsteadOfNvml(toErrorReport(thrown).message, environment, intervalMs)
  }
}

async function openInsteadOfNvml(
  reason: string,
  environment: NodeJS.ProcessEnv,
  intervalMs: number,
): Promise<GpuSourceOpening> {
  const opening = await openNvidiaSmi(environment, intervalMs)
  const problem = `NVML cannot be used: ${reason}.`
  switch (opening.kind) {
    case 'opened':
      return { ...opening, problems: [`${problem} nvidia-smi is asked instead.`, ...opening.problems] }
    case 'failed':
      return { kind: 'failed', problem: `${problem} ${opening.problem}` }
    case 'absent':
      // A library that is there and does not work is a driver that does not; none at all is a machine without GPUs.
      return /no such file|not be found/i.test(reason) || process.platform !== 'linux'
        ? opening
        : { kind: 'failed', problem }
  }
}

function problemsOf(opening: GpuSourceOpening): string[] {
  switch (opening.kind) {
    case 'opened':
      return opening.problems
    case 'failed':
      return [opening.problem]
    case 'absent':
      return []
  }
}

function numberedAfter(others: readonly GpuSample[], gpus: readonly GpuSample[]): GpuSample[] {
  const first = Math.max(-1, ...others.map(({ index }) => index)) + 1
  return gpus.map((gpu) => ({ ...gpu, index: gpu.index + first }))
}

function sampleOrNone(source: GpuSource, nowMs: number): GpuSample[] {
  try {
    return source.sample(nowMs)
  } catch {
    return []
  }
}
