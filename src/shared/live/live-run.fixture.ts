import type { MeasurementSummary } from '../results/results.js'
import { workstation } from '../results/workstation.fixture.js'
import { notebookPreset } from '../run/presets.js'
import type { GroupStep } from './group-step.js'
import type { LiveEvent, RunSample } from './live-event.js'

/** A measurement as it is planned, on CPU devices. */
export function plannedMeasurement(
  id: 'single' | 'single-all-cores' | 'dp' | 'ddp',
  changes: Partial<MeasurementSummary> = {},
): MeasurementSummary {
  const strategy = id === 'single-all-cores' ? 'single' : id
  const devices = [0, 1].slice(0, strategy === 'single' ? 1 : 2).map((index) => ({
    kind: 'cpu' as const,
    index,
    description: `CPU device, core ${index}`,
    cores: [index],
  }))
  return {
    id,
    block: 0,
    strategy,
    title: { single: 'Single', 'single-all-cores': 'Single (all cores)', dp: 'DP', ddp: 'DDP' }[id],
    status: 'running',
    skipReason: null,
    error: null,
    devices,
    worldSize: strategy === 'ddp' ? 2 : 1,
    globalBatchSize: 64,
    perDeviceBatchSize: strategy === 'single' ? 64 : 32,
    backend: null,
    backendVersion: null,
    collective: null,
    loadMs: null,
    traceMs: null,
    firstStepMs: null,
    firstStepLoss: null,
    peakMemoryBytes: null,
    epochs: [],
    epochTimes: [],
    meanEpochSeconds: null,
    imagesPerSecond: null,
    speedup: null,
    efficiency: null,
    conditions: null,
    ...changes,
  }
}

export function runStarted(measurements: MeasurementSummary[]): Extract<LiveEvent, { type: 'run-started' }> {
  return {
    type: 'run-started',
    runId: '20260131-142530-9f3a1c',
    startedAtMs: 1_000_000,
    configuration: notebookPreset,
    machine: workstation,
    environment: null,
    measurements,
    notes: ['Engine: WebAssembly'],
  }
}

/** The steps `from` to `to` of an epoch of `perEpoch`, each of 64 images and `stepMs`. */
export function groupSteps(
  from: number,
  to: number,
  { stepMs = 100, perEpoch = 10, lateMs = null as number[] | null } = {},
): GroupStep[] {
  return Array.from({ length: to - from }, (_, index) => {
    const ordinal = from + index
    return {
      epoch: Math.floor(ordinal / perEpoch),
      step: ordinal % perEpoch,
      endedAtMs: 1_000_500 + (ordinal + 1) * stepMs,
      loss: 2.3 - 0.01 * ordinal,
      images: 64,
      stepMs,
      dataWaitMs: 0.05 * stepMs,
      computeMs: 0.7 * stepMs,
      communicationMs: lateMs === null ? 0 : 0.1 * stepMs,
      updateMs: lateMs === null ? 0 : 0.05 * stepMs,
      ranks: lateMs === null ? null : { stepMs: lateMs.map(() => stepMs), lateMs },
    }
  })
}

export function runSample(atMs: number, changes: Partial<RunSample> = {}): RunSample {
  return {
    atMs,
    costMs: 1,
    cpu: {
      cores: [0.5, 1],
      stealShare: null,
      powerWatts: null,
      temperatureCelsius: null,
      clockMegahertz: null,
    },
    memory: { usedBytes: 2 ** 30, totalBytes: 2 ** 33, swapUsedBytes: null },
    gpus: [],
    trainers: [],
    ...changes,
  }
}
