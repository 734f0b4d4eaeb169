import { childEnvironment } from '../../src/core/child/child-program.js'
import { spawnNodeChild } from '../../src/core/child/node-child.js'
import { spawnSocketChild } from '../../src/core/child/socket-child.js'
import { type Collective, chooseCollective, openCollective } from '../../src/core/run/collective.js'
import type { PreparedRun } from '../../src/core/run/prepare-run.js'
import { defaultTimeouts } from '../../src/core/run/timeouts.js'
import { runTrainerGroup } from '../../src/core/run/trainer-group.js'
import { trainerJobs } from '../../src/core/run/trainer-jobs.js'
import type { FromTrainer } from '../../src/shared/child/trainer-protocol.js'
import type { Measurement } from '../../src/shared/results/results.js'

/** One after another, in milliseconds; of a group, rank 0's. Together they are what a measurement costs beside its steps. */
export const stageNames = [
  'node and modules',
  'engine and model',
  'data',
  'tuning',
  'tracing',
  'first step',
  'between steps',
  'end',
] as const
export type StageName = (typeof stageNames)[number]
export type Stages = Record<StageName | 'fixed' | 'steps', number>

/** Runs one measurement of `prepared` with the trainers of `out`, a folder of built programs. */
export async function measureStages(
  measurement: Measurement,
  prepared: PreparedRun,
  entry: string,
): Promise<Stages> {
  const heard: { message: FromTrainer; atMs: number }[] = []
  const startedAtMs = performance.now()
  const collective = await openCollectiveFor(measurement, prepared)
  try {
    const outcome = await runTrainerGroup({
      jobs: trainerJobs(measurement, prepared, collective?.job ?? null),
      host: {
        spawn: spawnNodeChild,
        spawnCommand: spawnSocketChild,
        entry,
        environment: childEnvironment(process.env),
        logDirectory: null,
        timeouts: defaultTimeouts,
      },
      signal: new AbortController().signal,
      onMessage(rank, message) {
        if (rank === 0) heard.push({ message, atMs: performance.now() })
        return null
      },
      onAllReady: () => void collective?.joined(),
    })
    if (outcome.kind === 'failed') throw new Error(outcome.error.message)
  } finally {
    await collective?.release()
  }
  return stagesOf(heard, startedAtMs, performance.now())
}

function openCollectiveFor(
  { strategy, worldSize, devices }: Measurement,
  { configuration }: PreparedRun,
): Promise<Collective> | null {
  if (strategy !== 'ddp' || worldSize === 1) return null
  const kind = chooseCollective(configuration.collective, null, devices, process.platform)
  return openCollective(kind, devices, configuration, defaultTimeouts.collectiveMs)
}

function stagesOf(
  heard: readonly { message: FromTrainer; atMs: number }[],
  startedAtMs: number,
  endedAtMs: number,
): Stages {
  const said = <Type extends FromTrainer['type']>(type: Type) => {
    const found = heard.find(({ message }) => message.type === type)
    if (found === undefined) throw new Error(`the trainer never said ${type}`)
    return { ...(found.message as Extract<FromTrainer, { type: Type }>), atMs: found.atMs }
  }
  const ready = said('ready')
  const warmedUp = said('warmed-up')
  const epoch = said('epoch')
  const tuneMs = warmedUp.autotune?.tuneMs ?? 0
  const steps = heard
    .flatMap(({ message }) => (message.type === 'steps' ? message.steps : []))
    .reduce((sum, { stepMs }) => sum + stepMs, 0)
  const stages = {
    'node and modules': ready.atMs - startedAtMs - ready.loadMs,
    'engine and model': ready.loadMs,
    data: warmedUp.atMs - ready.atMs - tuneMs - warmedUp.traceMs - warmedUp.firstStepMs,
    tuning: tuneMs,
    tracing: warmedUp.traceMs,
    'first step': warmedUp.firstStepMs,
    'between steps': epoch.atMs - warmedUp.atMs - steps,
    end: endedAtMs - epoch.atMs,
  } satisfies Record<StageName, number>
  return { ...stages, fixed: endedAtMs - startedAtMs - steps, steps }
}
