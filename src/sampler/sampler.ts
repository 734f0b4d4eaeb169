import type { TelemetrySample } from '../shared/child/telemetry.js'
import { monotonicNowMs } from '../shared/clock.js'
import { systemFolders } from '../shared/machine/system-folders.js'
import { createCpuMeter } from './cpu/cpu-meter.js'
import { type Gpus, openGpus } from './gpus/gpu-sources.js'
import { readMemory } from './memory.js'
import { openProcessReader } from './trainers/process-reader.js'
import { createTrainerMeter } from './trainers/trainer-meter.js'

export interface Sampler {
  readonly gpus: Pick<Gpus, 'sources' | 'problems'>
  /** The trainers that run now; replaces the list from before. */
  watch(pids: readonly number[]): void
  /** The machine as it is now; what is a rate or a share, since the sample before. */
  sample(): TelemetrySample
  close(): void
}

/** Opens everything that this machine shows of itself. What it does not show is null in every sample. */
export async function openSampler(environment: NodeJS.ProcessEnv, intervalMs: number): Promise<Sampler> {
  const folders = systemFolders
  const reader = openProcessReader()
  const trainers = createTrainerMeter(reader)
  const gpus = await openGpus({ environment, intervalMs, sys: folders.sys })
  const cpu = createCpuMeter(folders, monotonicNowMs())
  return {
    gpus,
    watch: (pids) => trainers.watch(pids, monotonicNowMs()),
    sample() {
      const atMs = monotonicNowMs()
      const parts = {
        cpu: cpu(atMs),
        memory: readMemory(folders),
        trainers: trainers.sample(atMs),
        gpus: gpus.sample(atMs),
      }
      return { atMs, costMs: monotonicNowMs() - atMs, ...parts }
    },
    close() {
      reader.close()
      gpus.close()
    },
  }
}
