import type { FromTrainer, TrainerJob } from '../../shared/child/trainer-protocol.js'
import { type ErrorReport, toErrorReport } from '../../shared/errors.js'
import { otherMachinesOf } from '../../shared/machine/device.js'
import { formatList } from '../../shared/text/format.js'
import { notHeard } from '../script/explain-script.js'
import { settlesWithin } from '../within.js'
import { type TrainerHost, type TrainerOutcome, TrainerProcess } from './trainer-process.js'

export type GroupOutcome =
  | { kind: 'completed'; peakMemoryBytes: number }
  | { kind: 'cancelled' }
  /** The root cause, with its rank where there are several. */
  | { kind: 'failed'; error: ErrorReport }

export interface TrainerGroupOptions {
  /** One job a rank, in order: one for Single and DP, the world for DDP. */
  jobs: readonly TrainerJob[]
  host: TrainerHost
  signal: AbortSignal
  /** May object to what the ranks say, which ends the group with that error. */
  onMessage(rank: number, message: FromTrainer): ErrorReport | null
  /** Every rank has loaded its engine and joined the collective. */
  onAllReady(): void
}

/**
 * Runs the processes of one measurement to their common end. All or nothing, as torchelastic with no
 * restarts: when one fails or `signal` is aborted, all are ended. When the promise resolves, none is left.
 */
export async function runTrainerGroup(options: TrainerGroupOptions): Promise<GroupOutcome> {
  const { jobs, host, signal } = options
  if (signal.aborted) return { kind: 'cancelled' }

  const failures: ErrorReport[] = []
  const trainers: TrainerProcess[] = []
  const notReady = new Set(jobs.map((job) => job.rank))
  const notDone = new Set(jobs.map((job) => job.rank))
  let turn!: (to: 'failed' | 'aborted') => void
  const turned = new Promise<'failed' | 'aborted'>((resolve) => {
    turn = resolve
  })
  const fail = (error: ErrorReport): void => {
    failures.push(error)
    turn('failed')
  }
  const abort = (): void => turn('aborted')
  signal.addEventListener('abort', abort, { once: true })
  const readyMs = jobs[0]?.script?.startMs ?? host.timeouts.readyMs
  const readyTimer = setTimeout(() => fail(notReadyError(jobs, notReady, readyMs)), readyMs)

  const hear = (rank: number, message: FromTrainer): void => {
    const objection = options.onMessage(rank, message)
    if (objection !== null) fail(objection)
    if (message.type === 'done' && notDone.delete(rank) && notDone.size === 0)
      for (const trainer of trainers) trainer.release()
    if (message.type !== 'ready' || !notReady.delete(rank) || notReady.size > 0) return
    clearTimeout(readyTimer)
    options.onAllReady()
  }
  try {
    for (const job of jobs) {
      const onMessage = (message: FromTrainer): void => hear(job.rank, message)
      trainers.push(new TrainerProcess(job, host, { onMessage, onFailure: fail }))
    }
    const ended = Promise.all(trainers.map((trainer) => trainer.outcome))
    const first = await Promise.race([turned, ended])
    if (first === 'aborted') return { kind: 'cancelled' }
    if (first === 'failed') {
      await settlesWithin(isScriptOnSeveral(jobs) ? commandsEndMs : host.timeouts.rootCauseMs, ended)
      return { kind: 'failed', error: rootCause([...failures, ...absences(jobs, host)]) }
    }
    return completed(first, failures)
  } catch (thrown) {
    return { kind: 'failed', error: toErrorReport(thrown) }
  } finally {
    clearTimeout(readyTimer)
    signal.removeEventListener('abort', abort)
    const graceMs = signal.aborted ? host.timeouts.stopMs : host.timeouts.stopAfterFailureMs
    await Promise.all(trainers.map((trainer) => trainer.stop(graceMs)))
  }
}

/** Each machine has a command of its own, which ends its ranks before it tells. */
const commandsEndMs = 5_000

function isScriptOnSeveral([job]: readonly TrainerJob[]): boolean {
  return job?.script?.share !== undefined
}

/** Errors that say no more than that a peer is gone, or late. */
const missedPeerCodes: ReadonlySet<string> = new Set([
  'collective-failed',
  'collective-timeout',
  'script-missed-peer',
  'stopped',
  'tensorflow-cancelled',
  'tensorflow-deadline',
  'tensorflow-unavailable',
])

/**
 * The first error by time; except that one which only says that a peer was missed yields to any other: a
 * dead rank is often noticed by its peers before the host hears of its exit.
 */
function rootCause(failures: readonly ErrorReport[]): ErrorReport {
  const cause = failures.find((error) => !missedPeerCodes.has(error.code)) ?? failures[0]
  return cause ?? toErrorReport(new Error('a trainer failed without saying why'))
}

/** Machines of this group that are not heard of: often their ranks are missed before they are. */
function absences(jobs: readonly TrainerJob[], { machines }: TrainerHost): ErrorReport[] {
  if (machines === undefined) return []
  return otherMachinesOf(jobs.flatMap(({ devices }) => devices)).flatMap(
    (machine) => machines.absence(machine) ?? [],
  )
}

function completed(outcomes: readonly TrainerOutcome[], failures: readonly ErrorReport[]): GroupOutcome {
  let peakMemoryBytes = 0
  for (const outcome of outcomes) {
    if (outcome.kind === 'failed') return { kind: 'failed', error: rootCause([...failures, outcome.error]) }
    if (outcome.kind === 'stopped') return { kind: 'cancelled' }
    peakMemoryBytes += outcome.peakMemoryBytes
  }
  return { kind: 'completed', peakMemoryBytes }
}

function notReadyError(
  jobs: readonly TrainerJob[],
  notReady: ReadonlySet<number>,
  readyMs: number,
): ErrorReport {
  if (jobs[0]?.script !== undefined) return notHeard(jobs.length, notReady, readyMs)
  const ranks = formatList([...notReady].map(String))
  const which =
    notReady.size === 1 ? `Rank ${ranks} of ${jobs.length} was` : `Ranks ${ranks} of ${jobs.length} were`
  const who = jobs.length === 1 ? 'The trainer was' : which
  return {
    code: 'trainer-not-ready',
    message: `${who} not ready within ${Math.round(readyMs / 1000)} s`,
    hint: 'Loading the engine takes long on a slow disk; see the log of the rank named.',
  }
}
