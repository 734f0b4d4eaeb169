import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { TrainerJob } from '../../shared/child/trainer-protocol.js'
import { childEnvironment } from '../child/child-program.js'
import { spawnNodeChild } from '../child/node-child.js'
import { spawnSocketChild } from '../child/socket-child.js'
import { defaultTimeouts, type RunTimeouts } from './timeouts.js'
import type { TrainerHost } from './trainer-process.js'

/** How the fake trainer misbehaves, and which rank of a group does. */
export interface FakeBehaviour {
  fault?: string
  rank?: number | 'last'
  stepDelayMs?: number
  stepsPerEpoch?: number
  /** Of the fault `held`: each step lasts until there is such a file. */
  until?: string
  /** Only so many processes misbehave, the first ones. */
  faultyStarts?: number
  /** So many processes behave first. */
  healthyStarts?: number
}

export const fakeTrainerEntry = fileURLToPath(new URL('./fake-trainer.fixture.mjs', import.meta.url))

/** Starts real processes of the fake trainer and remembers them. */
export function fakeHost(
  behaviour: FakeBehaviour = {},
  timeouts: Partial<RunTimeouts> = {},
): TrainerHost & { pids: number[] } {
  const pids: number[] = []
  return {
    pids,
    spawn: (options) => {
      const healthy =
        pids.length >= (behaviour.faultyStarts ?? Number.POSITIVE_INFINITY) ||
        pids.length < (behaviour.healthyStarts ?? 0)
      const settings = healthy ? { ...behaviour, fault: 'none' } : behaviour
      const environment = { ...options.environment, FAKE_TRAINER: JSON.stringify(settings) }
      const child = spawnNodeChild({ ...options, environment })
      if (child.pid !== undefined) pids.push(child.pid)
      return child
    },
    spawnCommand: (options) => {
      const child = spawnSocketChild(options)
      if (child.pid !== undefined) pids.push(child.pid)
      return child
    },
    entry: fakeTrainerEntry,
    environment: childEnvironment(process.env),
    logDirectory: null,
    timeouts: {
      ...defaultTimeouts,
      stopMs: 500,
      exitMs: 500,
      stopAfterFailureMs: 500,
      terminateMs: 300,
      ...timeouts,
    },
  }
}

/** Those that still run; a zombie, which only waits for its parent, has ended. */
export function running(pids: readonly number[]): number[] {
  return pids.filter((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z'
    } catch {
      return false
    }
  })
}

export function fakeJob(changes: Partial<TrainerJob> = {}): TrainerJob {
  return {
    runId: 'test-run',
    strategy: 'single',
    rank: 0,
    worldSize: 1,
    devices: [{ kind: 'cpu', index: 0, description: 'CPU device, core 0', cores: [0] }],
    backend: { name: 'wasm' },
    modelName: 'resnet18',
    stem: 'torchvision',
    data: { kind: 'synthetic', trainSamples: 100, testSamples: 10 },
    batchSize: 8,
    epochs: 2,
    numWorkers: 0,
    maxStepsPerEpoch: -1,
    samplesPerEpoch: null,
    learningRate: 0.1,
    momentum: 0.9,
    weightDecay: 0,
    seed: 0,
    precision: 'fp32',
    evaluate: false,
    collective: null,
    ...changes,
  }
}

/** The jobs of one DDP group. */
export function fakeGroup(worldSize: number, changes: Partial<TrainerJob> = {}): TrainerJob[] {
  return Array.from({ length: worldSize }, (_, rank) =>
    fakeJob({ strategy: 'ddp', rank, worldSize, ...changes }),
  )
}
