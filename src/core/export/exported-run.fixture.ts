import type { LiveEvent, RecordedEvent, RunSample } from '../../shared/live/live-event.js'
import { plannedMeasurement, runSample } from '../../shared/live/live-run.fixture.js'
import { builtRun, trainedMeasurement } from '../../shared/results/built-run.fixture.js'
import { type Measurement, measurementKey, type Results, withoutSteps } from '../../shared/results/results.js'
import { summarise } from '../../shared/results/summary.js'
import { quickPreset } from '../../shared/run/presets.js'
import type { ExportFile } from './data-export.js'
import type { ExportSource } from './export-source.js'

/** 2026-01-31 14:25:30 UTC, when the run of these tests began. */
export const startedAtMs = Date.UTC(2026, 0, 31, 14, 25, 30)

type Id = 'single' | 'dp' | 'ddp'

/** What a step takes, by strategy: DDP's ranks exchange 20 of theirs. */
const stepMsOf: Record<Id, number> = { single: 200, dp: 120, ddp: 100 }

/** A measurement that trained two epochs of three steps, from `beganAtMs` on. */
export function trained(id: Id, block: number, beganAtMs: number): Measurement {
  const stepMs = stepMsOf[id]
  const exchanges = id === 'ddp'
  const planned = plannedMeasurement(id, {
    block,
    collective: exchanges ? 'shared memory' : null,
    ...{ loadMs: 900, traceMs: 110, firstStepMs: 300, firstStepLoss: 2.5, peakMemoryBytes: 600 * 2 ** 20 },
  })
  return trainedMeasurement(planned, {
    epochs: 2,
    stepsPerEpoch: 3,
    startedAtMs: beganAtMs,
    stepMs,
    parts: exchanges
      ? { dataWaitMs: 2, computeMs: stepMs - 32, communicationMs: 20, updateMs: 8 }
      : { dataWaitMs: 2, computeMs: stepMs - 4 },
    ...(exchanges ? { arrivalMs: (rank) => stepMs - 28 + rank } : {}),
    lossOf: (ordinal, rank) => 2.5 - 0.1 * ordinal + 0.01 * rank,
    epochLossOf: (epoch) => 2.4 - 0.3 * epoch,
    testAccuracyOf: (epoch) => 0.1 + 0.05 * epoch,
    parameterChecksum: 'abc',
  })
}

/** Two blocks of all strategies, five seconds a measurement, without a fault. */
export function completeRun(changes: Partial<Results> = {}): Results {
  const measurements = [0, 1].flatMap((block) =>
    (['single', 'dp', 'ddp'] as const).map((id, place) =>
      trained(id, block, startedAtMs + 2_000 + (3 * block + place) * 5_000),
    ),
  )
  return builtRun(summarise(measurements), {
    startedAt: new Date(startedAtMs).toISOString(),
    finishedAt: new Date(startedAtMs + 30_000).toISOString(),
    configuration: { ...quickPreset, repeats: 2, samplesPerEpoch: 192, evaluate: true },
    ...changes,
  })
}

/** A run whose DDP lost a rank in its fourth step, and whose DP was skipped. */
export function partialRun(): Results {
  const [single, dp, ddp] = [0, 1, 2].map((place) => {
    const id = (['single', 'dp', 'ddp'] as const)[place] as Id
    return trained(id, 0, startedAtMs + 2_000 + place * 5_000)
  }) as [Measurement, Measurement, Measurement]
  return completeRun({
    status: 'failed',
    configuration: { ...quickPreset, samplesPerEpoch: 192 },
    measurements: summarise<Measurement>([
      single,
      {
        ...plannedMeasurement('dp'),
        status: 'skipped',
        skipReason: 'DataParallel needs at least 2 devices; this machine has 1 GPU',
        ranks: dp.ranks.map(({ rank }) => ({ rank, steps: [] })),
      },
      {
        ...ddp,
        status: 'failed',
        error: { code: 'trainer-crashed', message: 'rank 1 was killed (SIGKILL)', hint: '', rank: 1 },
        epochs: ddp.epochs.slice(0, 1),
        ranks: ddp.ranks.map(({ rank, steps }) => ({ rank, steps: steps.slice(0, 4 - rank) })),
      },
    ]),
  })
}

/** What the recording of such a run says: its phases, and a sample a second. */
export function recordingOf(
  results: Results,
  sampleAt: (atMs: number) => RunSample = runSample,
): RecordedEvent[] {
  const events: { atMs: number; event: LiveEvent }[] = []
  const say = (atMs: number, event: LiveEvent): unknown => events.push({ atMs: atMs - startedAtMs, event })
  const { runId, configuration, machine, notes, measurements, status } = results
  say(startedAtMs, {
    type: 'run-started',
    ...{ runId, startedAtMs, configuration, machine, notes },
    environment: null,
    measurements: measurements.map(withoutSteps),
  })
  for (const measurement of measurements) {
    const id = measurementKey(measurement)
    const first = measurement.ranks[0]?.steps[0]?.startedAtMs
    if (first !== undefined) {
      say(first - 2_000, { type: 'phase', id, phase: 'starting', stepsPerEpoch: null })
      say(first - 1_000, { type: 'phase', id, phase: 'warming-up', stepsPerEpoch: null })
      say(first, { type: 'phase', id, phase: 'training', stepsPerEpoch: 3 })
      say(first + 2_000, { type: 'measurement', measurement: withoutSteps(measurement) })
    }
  }
  say(startedAtMs + 29_000, { type: 'warning', code: 'other-run', text: 'Another run went on' })
  say(startedAtMs + 30_000, { type: 'run-finished', status, finishedAtMs: startedAtMs + 30_000 })
  for (let atMs = startedAtMs + 500; atMs < startedAtMs + 30_000; atMs += 1_000) {
    say(atMs, { type: 'telemetry', samples: [sampleAt(atMs)] })
  }
  return events.sort((a, b) => a.atMs - b.atMs)
}

export function sourceOf(results: Results, recording: RecordedEvent[] = recordingOf(results)): ExportSource {
  return {
    results,
    owner: null,
    async *events() {
      yield* recording
    },
  }
}

/** All files of an export, by name. */
export async function filesOf(
  files: AsyncIterable<ExportFile> | Iterable<ExportFile>,
): Promise<Map<string, Buffer>> {
  const read = new Map<string, Buffer>()
  for await (const { name, content } of files) {
    const pieces = await piecesOf<string | Uint8Array>(content)
    read.set(name, Buffer.concat(pieces.map((piece) => Buffer.from(piece as Uint8Array))))
  }
  return read
}

export async function piecesOf<Piece>(content: AsyncIterable<Piece>): Promise<Piece[]> {
  const pieces: Piece[] = []
  for await (const piece of content) pieces.push(piece)
  return pieces
}
