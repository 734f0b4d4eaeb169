import type { StepRecord } from '../../shared/child/trainer-protocol.js'
import { type Measurement, type Results, resultsVersion } from '../../shared/results/results.js'
import { notebookPreset } from '../../shared/run/presets.js'
import { resolveDevices } from '../devices/resolve.js'
import { planMeasurements } from '../run/measurement-plan.js'

/** When the runs of this fixture began. */
export const startedAtMs = Date.parse('2026-01-31T14:25:30.000Z')

interface Measuring {
  runId?: string
  blocks?: number
  epochs?: number
  stepsPerEpoch?: number
  /** Of Single; the others are made from it. */
  stepMs?: number
}

/** The results of a run of Single, DP and DDP on two CPU devices, with every step: as a run would leave them. */
export function measuredResults({
  runId = '20260131-142530-9f3a1c',
  blocks = 2,
  epochs = 2,
  stepsPerEpoch = 4,
  stepMs = 100,
}: Measuring = {}): Results {
  const configuration = {
    ...notebookPreset,
    preset: 'custom' as const,
    dataset: 'sample' as const,
    batchSizeSingle: 64,
    perGpuBatchSize: 32,
    repeats: blocks,
    epochs,
  }
  const devices = resolveDevices('cpu:2', { cores: [0, 1], gpus: [] }, { cuda: false })
  const plan = planMeasurements({ configuration, devices, engines: ['tensorflow'] })
  let atMs = startedAtMs + 1_000
  const measurements = Array.from({ length: blocks }, (_, block) =>
    plan.map((planned) => {
      const measured = measure({ ...planned, block }, { epochs, stepsPerEpoch, stepMs: stepMs + block, atMs })
      atMs += epochs * stepsPerEpoch * stepMs + 1_000
      return measured
    }),
  ).flat()
  return {
    format: 'tandem-results',
    version: resultsVersion,
    runId,
    startedAt: new Date(startedAtMs).toISOString(),
    finishedAt: new Date(atMs).toISOString(),
    status: 'complete',
    configuration,
    warnings: [],
    environment: null,
    notes: ['Engine: TensorFlow 2.21.0 for CPU'],
    machine: {
      hostName: 'workstation',
      operatingSystem: 'Debian GNU/Linux 12',
      architecture: 'x64',
      cpuModel: 'Some CPU',
      physicalCores: 2,
      logicalCores: 2,
      memoryBytes: 8 * 2 ** 30,
      gpus: [],
      gpuDriverVersion: null,
      tandemVersion: '0.1.0',
      nodeVersion: '20.19.0',
      tensorflowVersion: '2.21.0',
    },
    measurements,
  }
}

interface Timing {
  epochs: number
  stepsPerEpoch: number
  stepMs: number
  atMs: number
}

function measure(planned: Measurement, { epochs, stepsPerEpoch, stepMs, atMs }: Timing): Measurement {
  const isParallel = planned.strategy !== 'single'
  const ownMs = isParallel ? 0.6 * stepMs : stepMs
  const ranks = Array.from({ length: planned.worldSize }, (_, rank) => ({
    rank,
    steps: Array.from({ length: epochs * stepsPerEpoch }, (__, index): StepRecord => {
      const beganMs = atMs + index * ownMs
      return {
        epoch: Math.floor(index / stepsPerEpoch),
        step: index % stepsPerEpoch,
        loss: 2.3 - 0.01 * index,
        images: planned.globalBatchSize / planned.worldSize,
        startedAtMs: beganMs,
        stepMs: ownMs,
        dataWaitMs: 0.05 * ownMs,
        computeMs: 0.8 * ownMs,
        communicationMs: planned.worldSize > 1 ? 0.1 * ownMs : 0,
        updateMs: 0,
        arrivedAtMs: planned.worldSize > 1 ? beganMs + 0.8 * ownMs + rank : null,
      }
    }),
  }))
  return {
    ...planned,
    status: 'completed',
    backend: 'tensorflow',
    backendVersion: '2.21.0',
    collective: planned.worldSize > 1 ? 'shared memory, 2 ranks, 134 MB in /dev/shm' : null,
    loadMs: 300,
    traceMs: 100,
    firstStepMs: 200,
    peakMemoryBytes: 2 ** 30,
    epochs: Array.from({ length: epochs }, (_, epoch) => ({
      epoch,
      loss: 2.3 - 0.01 * stepsPerEpoch * epoch,
      seconds: (stepsPerEpoch * ownMs) / 1000,
      images: stepsPerEpoch * planned.globalBatchSize,
      steps: stepsPerEpoch,
      testAccuracy: 0.3,
      parameterChecksum: 'ab'.repeat(32),
    })),
    ranks,
  }
}
