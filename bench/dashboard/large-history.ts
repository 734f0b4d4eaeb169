import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type RunFolder, runFolder } from '../../src/core/history/run-folder.js'
import { noGpuFigures } from '../../src/shared/child/telemetry.js'
import type { StepRecord } from '../../src/shared/child/trainer-protocol.js'
import {
  groupSteps,
  plannedMeasurement,
  runSample,
  runStarted,
} from '../../src/shared/live/live-run.fixture.js'
import { type Measurement, type Results, resultsVersion } from '../../src/shared/results/results.js'
import { summariseRun } from '../../src/shared/run/run-summary.js'

/** The list entries of so many finished runs; the rest of their folders is not looked at. */
export async function writeRuns(history: string, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const measurements = (['single', 'single-all-cores', 'dp', 'ddp'] as const).map(completed)
    await writeEntry(runFolder(join(history, runId(index))), results(runId(index), measurements))
  }
}

/** A run of 64 ranks on 64 GPUs with a recording of this size: steps and samples in turn, as they come. */
export async function writeLargeRecording(history: string, bytes: number): Promise<{ runId: string }> {
  const id = runId(0)
  const files = runFolder(join(history, id))
  await writeEntry(files, results(id, [completed('ddp')]))
  await writeFile(files.results, JSON.stringify(results(id, [completed('ddp')])))
  const ranks = 64
  const gpus = Array.from({ length: ranks }, (_, index) => gpu(index))
  const ddp = plannedMeasurement('ddp', { worldSize: ranks })
  function* lines(): Generator<string> {
    let written = 0
    const line = (atMs: number, event: unknown): string => {
      const text = `${JSON.stringify({ atMs, event })}\n`
      written += text.length
      return text
    }
    yield line(0, { ...runStarted([ddp]), runId: id })
    yield line(1, { type: 'measurement', measurement: ddp })
    yield line(2, { type: 'phase', id: 'ddp', phase: 'training', stepsPerEpoch: 1_000 })
    const lateMs = Array.from({ length: ranks }, (_, rank) => rank * 0.125)
    for (let step = 0; written < bytes; step++) {
      const atMs = 1_000 + step * 100
      yield line(atMs, {
        type: 'steps',
        id: 'ddp',
        steps: groupSteps(step, step + 1, { perEpoch: 1_000, lateMs }),
      })
      if (step % 3 === 0)
        yield line(atMs, { type: 'telemetry', samples: [runSample(1_000_000 + atMs, { gpus })] })
    }
    yield line(1e9, { type: 'measurement', measurement: { ...ddp, status: 'completed' } })
    yield line(1e9, { type: 'run-finished', status: 'complete', finishedAtMs: 1e9 })
  }
  await pipeline(Readable.from(lines()), createWriteStream(files.recording))
  return { runId: id }
}

/** Results of this size: the steps of eight ranks. */
export async function writeLargeResults(path: string, bytes: number): Promise<void> {
  const ranks = 8
  const one = JSON.stringify(stepRecord(0, 1_000))
  const steps = Math.floor(bytes / ranks / one.length)
  const perEpoch = 1_000
  const epochs = Math.floor(steps / perEpoch)
  const ddp: Measurement = {
    ...completed('ddp'),
    worldSize: ranks,
    globalBatchSize: 64 * ranks,
    perDeviceBatchSize: 64,
    devices: Array.from({ length: ranks }, (_, index) => ({
      kind: 'cpu' as const,
      index,
      description: `CPU device, core ${index}`,
      cores: [index],
    })),
    epochs: Array.from({ length: epochs }, (_, epoch) => ({
      epoch,
      loss: 2,
      seconds: 100,
      images: 64 * ranks * perEpoch,
      steps: perEpoch,
      testAccuracy: null,
      parameterChecksum: 'f'.repeat(64),
    })),
    epochTimes: Array.from({ length: epochs }, () => 100),
    ranks: Array.from({ length: ranks }, (_, rank) => ({
      rank,
      steps: Array.from({ length: epochs * perEpoch }, (_, index) => stepRecord(index, perEpoch)),
    })),
  }
  await writeFile(path, JSON.stringify(results(runId(0xabcde), [ddp])))
}

async function writeEntry(files: RunFolder, document: Results): Promise<void> {
  await mkdir(files.directory, { recursive: true })
  const owner = { hostName: hostname(), pid: 1, startTime: 0 }
  const record = { format: 'tandem-run', version: 1, owner, summary: summariseRun(document) }
  await writeFile(files.summary, `${JSON.stringify(record)}\n`)
}

function runId(index: number): string {
  return `20260131-142530-${index.toString(16).padStart(6, '0')}`
}

function completed(id: 'single' | 'single-all-cores' | 'dp' | 'ddp'): Measurement {
  return { ...plannedMeasurement(id), status: 'completed', ranks: [] }
}

function results(id: string, measurements: Measurement[]): Results {
  const { configuration, machine } = runStarted([])
  return {
    format: 'tandem-results',
    version: resultsVersion,
    runId: id,
    startedAt: '2026-01-31T14:25:30.000Z',
    finishedAt: '2026-01-31T18:25:30.000Z',
    status: 'complete',
    configuration,
    warnings: [],
    environment: null,
    notes: [],
    machine,
    measurements,
  }
}

function stepRecord(index: number, perEpoch: number): StepRecord {
  return {
    epoch: Math.floor(index / perEpoch),
    step: index % perEpoch,
    loss: 2.25 + (index % 97) / 1000,
    images: 64,
    startedAtMs: 1_769_869_530_000.125 + index * 100,
    stepMs: 99.234375 + (index % 13) / 8,
    dataWaitMs: 0.301025390625,
    computeMs: 80.42257365136719,
    communicationMs: 12.140625,
    updateMs: 5.0019073486328125,
    arrivedAtMs: 1_769_869_530_090.25 + index * 100,
  }
}

function gpu(index: number) {
  return {
    id: `GPU-${index}`,
    index,
    model: 'NVIDIA H200',
    state: 'ok' as const,
    ...noGpuFigures,
    utilisation: 0.97,
    memoryUsedBytes: 60 * 2 ** 30,
    memoryTotalBytes: 141 * 2 ** 30,
    powerWatts: 650.25,
    powerLimitWatts: 700,
    temperatureCelsius: 66,
    coreClockMegahertz: 1_980,
    memoryClockMegahertz: 3_201,
    throttleReasons: [],
    processes: [],
  }
}
