import { notebookPreset } from '../run/presets.js'
import type { RunConfiguration } from '../run/run-configuration.js'
import type { ScriptDeviceKind } from './offered-script.js'
import type { Script } from './script.js'

/**
 * A script as a run like any other: the base on one device, and the strategy of a process a device on the others. What
 * only Tandem's own training has keeps the notebook's values, which nobody shows.
 */
export function configurationOf(
  script: Script,
  { repeats, seed, deviceKind }: { repeats: number; seed: number; deviceKind: ScriptDeviceKind },
): RunConfiguration {
  const { worlds, steps, perDeviceBatch } = script
  return {
    ...notebookPreset,
    preset: 'custom',
    backend: 'pytorch',
    dataset: 'synthetic',
    strategies: [
      ...(worlds.includes(1) ? (['single'] as const) : []),
      ...(worlds.some((count) => count > 1) ? (['ddp'] as const) : []),
    ],
    // One device alone is no sweep.
    sweep: worlds.some((count) => count > 1) ? [...worlds] : false,
    devices: deviceKind,
    repeats,
    seed,
    epochs: 1,
    maxStepsPerEpoch: steps,
    batchSizeSingle: perDeviceBatch ?? 1,
    perGpuBatchSize: perDeviceBatch ?? 1,
    evaluate: false,
    script,
  }
}
