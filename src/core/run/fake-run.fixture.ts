import { workstation } from '../../shared/results/workstation.fixture.js'
import { notebookPreset } from '../../shared/run/presets.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import { resolveDevices } from '../devices/resolve.js'
import { planMeasurements } from './measurement-plan.js'
import type { PreparedRun } from './prepare-run.js'

/** A prepared run on two CPU devices of a machine that is none, on an engine that the fake trainer ignores. */
export function fakeRun(
  changes: Partial<RunConfiguration> = {},
  backend: 'tensorflow' | 'wasm' = 'wasm',
): PreparedRun {
  const configuration: RunConfiguration = {
    ...notebookPreset,
    preset: 'custom',
    dataset: 'synthetic',
    batchSizeSingle: 16,
    perGpuBatchSize: 8,
    numWorkers: 0,
    ...changes,
  }
  const devices = resolveDevices('cpu:2', { cores: [0, 1], gpus: [] }, { cuda: false })
  return {
    runId: '20260131-142530-9f3a1c',
    configuration,
    machine: workstation,
    backends: [backend === 'wasm' ? { name: 'wasm' } : { name: 'tensorflow', libraryDir: '/nowhere' }],
    data: { kind: 'synthetic', trainSamples: 2_000, testSamples: 400 },
    dataSize: { trainSamples: 2_000, testSamples: 400 },
    baseDevice: devices.base,
    measurements: planMeasurements({ configuration, devices, engines: [backend] }),
    plan: (settings) => planMeasurements({ configuration: settings, devices, engines: [backend] }),
    notes: ['Engine: WebAssembly (asked for with --backend wasm)'],
    gpuProblems: [],
  }
}
