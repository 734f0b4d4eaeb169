import { quickPreset } from '../shared/presets.js'
import type { Measurement, Results } from '../shared/results.js'
import { summarise } from '../shared/summary.js'

function measurement(id: Measurement['id'], title: string, epochTimes: number[]): Measurement {
  return {
    id,
    strategy: id === 'single-all-cores' ? 'single' : id,
    title,
    status: epochTimes.length > 0 ? 'completed' : 'skipped',
    skipReason:
      epochTimes.length > 0 ? null : 'DataParallel needs at least 2 devices; this machine has 1 GPU',
    error: null,
    devices: [{ kind: 'gpu', index: 0, description: 'NVIDIA H200', cores: [] }],
    worldSize: 1,
    globalBatchSize: 64,
    perDeviceBatchSize: 64,
    backend: 'tensorflow',
    backendVersion: '2.21.0',
    collective: null,
    loadMs: 900,
    traceMs: 300,
    firstStepMs: 120,
    peakMemoryBytes: 1e9,
    epochs: epochTimes.map((seconds, epoch) => ({
      epoch,
      loss: 2,
      seconds,
      images: 1000,
      steps: 10,
      testAccuracy: null,
      parameterChecksum: '0',
    })),
    epochTimes,
    meanEpochSeconds: null,
    imagesPerSecond: null,
    speedup: null,
    efficiency: null,
    ranks: [],
  }
}

/** A finished run of two strategies, with a third that this machine has too few devices for. */
export const resultsExample: Results = {
  format: 'tandem-results',
  version: 1,
  runId: 'example',
  startedAt: '2026-01-02T03:04:05Z',
  finishedAt: '2026-01-02T03:05:05Z',
  status: 'complete',
  configuration: quickPreset,
  notes: ['TensorFlow 2.21.0 was found in the Python on PATH.'],
  machine: {
    hostName: 'lab-3',
    operatingSystem: 'Debian 12',
    architecture: 'x64',
    cpuModel: 'EPYC',
    physicalCores: 8,
    logicalCores: 16,
    memoryBytes: 64e9,
    gpus: [{ index: 0, model: 'NVIDIA H200', memoryBytes: 141e9 }],
    gpuDriverVersion: '580',
    tandemVersion: '0.1.0',
    nodeVersion: '20.19.0',
    tensorflowVersion: '2.21.0',
  },
  measurements: summarise([
    measurement('single', 'Single', [12, 10]),
    measurement('dp', 'DP', []),
    measurement('ddp', 'DDP', [6, 5]),
  ]),
}
