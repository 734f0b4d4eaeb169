import type { AutotuneRecord, TrainerJob, TuningProgress } from '../../shared/child/trainer-protocol.js'
import { TandemError } from '../../shared/errors.js'
import { logTo } from './log-folder.js'
import { runTrainerGroup } from './trainer-group.js'
import type { TrainerHost } from './trainer-process.js'

export interface TuneOptions {
  host: TrainerHost
  signal: AbortSignal
  /** Not called where all timings are known. */
  onProgress(progress: TuningProgress): void
}

/**
 * Times the convolutions of a measurement's step, as far as no run has yet, in a process of its own, thrown away after:
 * its trainers find the timings in the cache folder. `job` is that of the measurement's first process. null where the
 * job leaves convolutions to the engine, and when `signal` was aborted. Throws what the trainer failed with.
 */
export async function tune(
  job: TrainerJob,
  { host, signal, onProgress }: TuneOptions,
): Promise<AutotuneRecord | null> {
  if ((job.autotune ?? null) === null) return null
  let record: AutotuneRecord | null = null
  const outcome = await runTrainerGroup({
    // One rank's step has the convolutions of all, and rank 0 alone decides for all.
    jobs: [{ ...job, purpose: 'tune', rank: 0, worldSize: 1, collective: null }],
    host: logTo(host, 'tuning'),
    signal,
    onAllReady() {},
    onMessage(_rank, message) {
      if (message.type === 'tuning') onProgress(withoutType(message))
      if (message.type === 'tuned') record = message.autotune
      return null
    },
  })
  if (outcome.kind === 'failed') throw new TandemError(outcome.error)
  return record
}

/**
 * Jobs that no other of them tunes for: timings depend on the step's convolutions, the processor, the threads of a
 * device and how many devices of a process compute at once. Single on one core tunes for DDP of the same batch a rank.
 */
export function distinctTunings(jobs: readonly TrainerJob[]): TrainerJob[] {
  const byKey = new Map<string, TrainerJob>()
  for (const job of jobs) {
    const key = tuningKey(job)
    if (!byKey.has(key)) byKey.set(key, job)
  }
  return [...byKey.values()]
}

function tuningKey({ backend, modelName, stem, precision, batchSize, devices }: TrainerJob): string {
  const devicesKey = devices.map(({ kind, cores }) => `${kind} ${cores.length}`)
  return JSON.stringify([backend, modelName, stem, precision, batchSize, devicesKey])
}

function withoutType({ timed, toTime, elapsedMs, remainingMs }: TuningProgress): TuningProgress {
  return { timed, toTime, elapsedMs, remainingMs }
}
