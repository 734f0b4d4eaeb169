import type { StepRecord } from '../child/trainer-protocol.js'
import { notebookPreset } from '../run/presets.js'
import { type Measurement, type MeasurementSummary, type Results, resultsVersion } from './results.js'
import { workstation } from './workstation.fixture.js'

type PartMs = 'dataWaitMs' | 'computeMs' | 'communicationMs' | 'updateMs'

/** How a measurement of tests went. An ordinal is a step's number from the measurement's beginning. */
export interface Training {
  epochs: number
  stepsPerEpoch: number
  /** When its first step began; each begins where the one before it ended. */
  startedAtMs: number
  stepMs: number
  /** Of each step; what is left out took no time. */
  parts: Partial<Record<PartMs, number>>
  /** From a step's beginning to the rank's arrival at the all-reduce; left out where there is none. */
  arrivalMs?: (rank: number) => number
  lossOf(ordinal: number, rank: number): number
  epochLossOf(epoch: number): number
  testAccuracyOf?: (epoch: number) => number
  parameterChecksum?: string
}

/** The planned measurement as it trained, with every step of every rank. The one place where tests make steps. */
export function trainedMeasurement(planned: MeasurementSummary, training: Training): Measurement {
  const { epochs, stepsPerEpoch, stepMs, startedAtMs, parts, arrivalMs } = training
  const step = (ordinal: number, rank: number): StepRecord => {
    const beganAtMs = startedAtMs + ordinal * stepMs
    return {
      epoch: Math.floor(ordinal / stepsPerEpoch),
      step: ordinal % stepsPerEpoch,
      loss: training.lossOf(ordinal, rank),
      images: planned.globalBatchSize / planned.worldSize,
      startedAtMs: beganAtMs,
      stepMs,
      ...{ dataWaitMs: 0, computeMs: 0, communicationMs: 0, updateMs: 0, ...parts },
      arrivedAtMs: arrivalMs === undefined ? null : beganAtMs + arrivalMs(rank),
    }
  }
  return {
    ...planned,
    status: 'completed',
    backend: 'tensorflow',
    backendVersion: '2.21.0',
    epochs: Array.from({ length: epochs }, (_, epoch) => ({
      epoch,
      loss: training.epochLossOf(epoch),
      seconds: (stepsPerEpoch * stepMs) / 1000,
      images: stepsPerEpoch * planned.globalBatchSize,
      steps: stepsPerEpoch,
      testAccuracy: training.testAccuracyOf?.(epoch) ?? null,
      parameterChecksum: training.parameterChecksum ?? '',
    })),
    ranks: Array.from({ length: planned.worldSize }, (_, rank) => ({
      rank,
      steps: Array.from({ length: epochs * stepsPerEpoch }, (_, ordinal) => step(ordinal, rank)),
    })),
  }
}

/** A complete run of these measurements on the workstation, but for what is changed. */
export function builtRun(measurements: readonly Measurement[], changes: Partial<Results> = {}): Results {
  return {
    format: 'tandem-results',
    version: resultsVersion,
    runId: '20260131-142530-9f3a1c',
    startedAt: '2026-01-31T14:25:30.000Z',
    finishedAt: '2026-01-31T14:27:00.000Z',
    status: 'complete',
    configuration: notebookPreset,
    warnings: [],
    environment: null,
    notes: ['Engine: WebAssembly'],
    machine: workstation,
    measurements: [...measurements],
    ...changes,
  }
}
