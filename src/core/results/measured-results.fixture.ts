import { builtRun, type Training, trainedMeasurement } from '../../shared/results/built-run.fixture.js'
import type { Measurement, Results } from '../../shared/results/results.js'
import { workstation } from '../../shared/results/workstation.fixture.js'
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
      const timing = { epochs, stepsPerEpoch, stepMs: stepMs + block, startedAtMs: atMs }
      atMs += epochs * stepsPerEpoch * stepMs + 1_000
      return measured({ ...planned, block }, timing)
    }),
  ).flat()
  return builtRun(measurements, {
    runId,
    startedAt: new Date(startedAtMs).toISOString(),
    finishedAt: new Date(atMs).toISOString(),
    configuration,
    notes: ['Engine: TensorFlow 2.21.0 for CPU'],
    machine: { ...workstation, tensorflowVersion: '2.21.0' },
  })
}

function measured(
  planned: Measurement,
  { stepMs, ...timing }: Pick<Training, 'epochs' | 'stepsPerEpoch' | 'stepMs' | 'startedAtMs'>,
): Measurement {
  const ownMs = planned.strategy === 'single' ? stepMs : 0.6 * stepMs
  const exchanges = planned.worldSize > 1
  const ready = {
    collective: exchanges ? 'shared memory, 2 ranks, 134 MB in /dev/shm' : null,
    ...{ loadMs: 300, traceMs: 100, firstStepMs: 200, peakMemoryBytes: 2 ** 30 },
  }
  return trainedMeasurement(
    { ...planned, ...ready },
    {
      ...timing,
      stepMs: ownMs,
      parts: {
        dataWaitMs: 0.05 * ownMs,
        computeMs: 0.8 * ownMs,
        communicationMs: exchanges ? 0.1 * ownMs : 0,
      },
      ...(exchanges ? { arrivalMs: (rank) => 0.8 * ownMs + rank } : {}),
      lossOf: (ordinal) => 2.3 - 0.01 * ordinal,
      epochLossOf: (epoch) => 2.3 - 0.01 * timing.stepsPerEpoch * epoch,
      testAccuracyOf: () => 0.3,
      parameterChecksum: 'ab'.repeat(32),
    },
  )
}
