import { resolve } from 'node:path'
import { z } from 'zod'
import { notebookPreset } from '../../src/shared/run/presets.js'
import type { RunConfiguration } from '../../src/shared/run/run-configuration.js'

/** What the script beside the packed programs says, all of it by environment: a shell has no better way to hand it on. */
const schema = z.object({
  /** Where `out` and `resources` lie. */
  GPU_CHECK_HOME: z.string(),
  GPU_CHECK_OUTPUT: z.string().default('gpu-check-output'),
  /** `gpu`; `cpu:1` tries the script where there is none. */
  GPU_CHECK_DEVICES: z.string().default('gpu'),
  GPU_CHECK_STEPS: z.coerce.number().int().min(2).max(10_000).default(100),
  GPU_CHECK_BATCH: z.coerce.number().int().min(2).max(8192).default(512),
  GPU_CHECK_VERSION: z.string().default('unknown'),
})

export interface GpuCheckOptions {
  home: string
  output: string
  devices: string
  steps: number
  batch: number
  version: string
}

/** Throws a `ZodError` for a number that is none. */
export function readOptions(environment: NodeJS.ProcessEnv): GpuCheckOptions {
  const read = schema.parse(environment)
  return {
    home: resolve(read.GPU_CHECK_HOME),
    output: resolve(read.GPU_CHECK_OUTPUT),
    devices: read.GPU_CHECK_DEVICES,
    steps: read.GPU_CHECK_STEPS,
    batch: read.GPU_CHECK_BATCH,
    version: read.GPU_CHECK_VERSION,
  }
}

/** The same batch for every strategy: on one device they differ in what they add to it. */
export function oneDeviceConfiguration({ devices, steps, batch }: GpuCheckOptions): RunConfiguration {
  return {
    ...notebookPreset,
    preset: 'custom',
    backend: 'pytorch',
    dataset: 'synthetic',
    devices,
    batchSizeSingle: batch,
    perGpuBatchSize: batch,
    scaling: 'weak',
    epochs: 2,
    maxStepsPerEpoch: steps,
    numWorkers: 2,
    learningRate: 0.01,
    autotune: 'off',
    evaluate: false,
  }
}
