import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { enter, joinNamespaces, removeNamespaces } from '../../../e2e/machines/joined-namespaces.js'
import { describeWithTwoMachines, twoEnds } from '../../../e2e/machines/two-machines.js'
import { type BuiltEntry, buildForNode } from '../../child/test-support/build-entry.js'
import type { CollectiveJob, TrainerBackend, TrainerJob } from '../../shared/child/trainer-protocol.js'
import {
  describeWithNetworkNamespace,
  type NetworkNamespace,
  openNetworkNamespace,
} from '../test-support/network-namespace.js'
import type { StrategyAnswer, StrategyTask } from '../test-support/strategy-process.js'
import { describeWithTensorFlow, tensorflowLibraryDir } from '../test-support/tensorflow.js'
import type { StepOutcome } from './strategy.js'

const globalBatchSize = 16
const steps = 4

let built: BuiltEntry
let folder: string

beforeAll(async () => {
  built = await buildForNode(
    'trainer/test-support/strategy-process.ts',
    'trainer/strategies/dp-wasm-worker.ts',
    'child/watchdog-worker.ts',
  )
  folder = await mkdtemp(join(tmpdir(), 'tandem-equivalence-'))
})
afterAll(async () => {
  await built.dispose()
  await rm(folder, { recursive: true })
})

function jobOf(changes: Partial<TrainerJob>): TrainerJob {
  return {
    runId: 'equivalence',
    strategy: 'single',
    rank: 0,
    worldSize: 1,
    devices: [device(0)],
    backend: { name: 'wasm' },
    modelName: 'resnet18',
    stem: 'cifar',
    data: { kind: 'synthetic', trainSamples: 1, testSamples: 1 },
    batchSize: globalBatchSize,
    epochs: 1,
    numWorkers: 0,
    maxStepsPerEpoch: -1,
    samplesPerEpoch: null,
    learningRate: 0.05,
    momentum: 0.9,
    weightDecay: 5e-4,
    seed: 3,
    precision: 'fp32',
    evaluate: false,
    collective: null,
    ...changes,
  }
}

function device(index: number) {
  return { kind: 'cpu' as const, index, description: 'test', cores: [] }
}

/** @param enter a command line that becomes the one after it, in a network of its own */
async function train(job: TrainerJob, enter: readonly string[] = []): Promise<StrategyAnswer> {
  const [execPath = '', ...execArgv] = [...enter, process.execPath]
  const child = fork(built.path, { serialization: 'advanced', execPath, execArgv, stdio: 'inherit' })
  const exited = once(child, 'exit')
  const task: StrategyTask = { job, globalBatchSize, steps }
  child.send(task)
  const answered = once(child, 'message').then(([answer]) => answer as StrategyAnswer)
  const ended = exited.then(([code]) => Promise.reject(new Error(`the trainer ended with ${code}`)))
  ended.catch(() => {})
  const answer = await Promise.race([answered, ended])
  await exited
  return answer
}

function trainDataParallel(
  backend: TrainerBackend,
  deviceCount: number,
  changes: Partial<TrainerJob> = {},
): Promise<StrategyAnswer> {
  const devices = Array.from({ length: deviceCount }, (_, index) => device(index))
  return train(jobOf({ backend, strategy: 'dp', devices, ...changes }))
}

function trainDistributed(
  backend: TrainerBackend,
  worldSize: number,
  collective: CollectiveJob,
  enter: (rank: number) => readonly string[] = () => [],
  changes: Partial<TrainerJob> = {},
): Promise<StrategyAnswer[]> {
  const batchSize = globalBatchSize / worldSize
  return Promise.all(
    Array.from({ length: worldSize }, (_, rank) =>
      train(
        jobOf({
          backend,
          strategy: 'ddp',
          rank,
          worldSize,
          batchSize,
          collective,
          devices: [device(rank)],
          ...changes,
        }),
        enter(rank),
      ),
    ),
  )
}

function largestDifference(left: readonly number[], right: readonly number[]): number {
  expect(left.length).toBe(right.length)
  return left.reduce((most, value, index) => Math.max(most, Math.abs(value - (right[index] as number))), 0)
}

/** Weights are of the order of 0.1; another order of summation moves them by some units in the last place. */
const tolerance = 2e-6

function strategiesOn(backend: TrainerBackend): void {
  let single: StrategyAnswer
  beforeAll(async () => {
    single = await train(jobOf({ backend }))
  })

  it('really learns something in these steps', async () => {
    const { weights } = await train(jobOf({ backend, learningRate: 1e-9 }))
    expect(largestDifference(weights, single.weights)).toBeGreaterThan(0.01)
  })

  it.each([2, 4])('DP on %i devices gives the weights of Single', async (devices) => {
    const answer = await trainDataParallel(backend, devices)
    expect(largestDifference(answer.weights, single.weights)).toBeLessThan(tolerance)
    expect(largestDifference(answer.losses, single.losses)).toBeLessThan(1e-5)
    expect(answer.correct).toBe(single.correct)
    for (const outcome of answer.outcomes) expectPhasesWithinCompute(outcome)
  })

  it.each([
    [2, 'shared-memory'],
    [4, 'shared-memory'],
    [2, 'files'],
  ] as const)(
    'DDP with %i ranks over %s gives the weights of Single, alike on all',
    async (worldSize, kind) => {
      const exchange = await mkdtemp(join(folder, 'group-'))
      const timeoutMs = 30_000
      const collective: CollectiveJob =
        kind === 'files'
          ? { kind, directory: exchange, timeoutMs }
          : { kind, path: join(exchange, 'group'), timeoutMs }
      expectLikeSingle(await trainDistributed(backend, worldSize, collective), single)
    },
  )

  it.each(['shared-memory', 'files'] as const)(
    'DDP over %s with gradients rounded to bf16 gives nearly the weights of Single, alike on all',
    async (kind) => {
      const exchange = await mkdtemp(join(folder, 'group-'))
      const timeoutMs = 30_000
      const collective: CollectiveJob =
        kind === 'files'
          ? { kind, directory: exchange, timeoutMs }
          : { kind, path: join(exchange, 'group'), timeoutMs }
      const changes = { gradientCompression: 'bf16' as const }
      expectNearlySingle(await trainDistributed(backend, 2, collective, undefined, changes), single)
    },
  )
}

/** Rounded gradients move weights by some thousandths of what they learn, which shows that they were rounded. */
function expectNearlySingle(answers: readonly StrategyAnswer[], single: StrategyAnswer): void {
  expect(new Set(answers.map(({ parameterChecksum }) => parameterChecksum)).size).toBe(1)
  for (const { weights } of answers) {
    const difference = largestDifference(weights, single.weights)
    expect(difference).toBeGreaterThan(tolerance)
    expect(difference).toBeLessThan(1e-3)
  }
}

/** All of DP's parts are told, and what is left of its compute is what lies outside of the call or between threads. */
function expectPhasesWithinCompute(outcome: StepOutcome): void {
  const parts = ['scatterMs', 'replicateMs', 'forwardMs', 'gatherMs', 'backwardMs', 'reduceMs'] as const
  const partsMs = parts.map((part) => outcome[part] as number)
  for (const partMs of partsMs) expect(partMs).toBeGreaterThanOrEqual(0)
  expect(partsMs.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(outcome.computeMs + 1)
}

/** Whatever lowerings are chosen, which depends on the machine, all strategies still give the same weights. */
function autotunedStrategiesOn(backend: TrainerBackend): void {
  /** Two convolutions: forward and filter gradient each, and the second one's input gradient. */
  const convolutions = 5

  it('gives the same weights autotuned; another strategy, or rank, does not time again what is known', {
    timeout: 240_000,
  }, async () => {
    const cacheDirectory = join(await mkdtemp(join(folder, 'cache-')), 'made-when-needed')
    const autotune = { cacheDirectory, budgetMs: 60_000, report: true }
    const plain = await train(jobOf({ backend }))

    const single = await train(jobOf({ backend, autotune }))
    expectLikeSingle([single], plain)
    expect(single.autotune).toMatchObject({ convolutions, cached: 0 })
    expect(single.autotune?.rows).toHaveLength(convolutions)
    const again = await train(jobOf({ backend, autotune }))
    expect(again.autotune).toMatchObject({ convolutions, timed: 0, cached: single.autotune?.timed })
    expect(again.weights).toEqual(single.weights)
    const known = await train(jobOf({ backend, autotune, purpose: 'tune' }))
    expect(known.autotune?.rows).toEqual(again.autotune?.rows)
    expect(known.tuning).toEqual([])

    expectLikeSingle([await trainDataParallel(backend, 2, { autotune })], plain)
    const collective: CollectiveJob = {
      kind: 'shared-memory',
      path: join(await mkdtemp(join(folder, 'group-')), 'group'),
      timeoutMs: 30_000,
    }
    const ranks = await trainDistributed(backend, 2, collective, undefined, { autotune })
    expectLikeSingle(ranks, plain)
    const [first, second] = ranks.map((rank) => rank.autotune)
    expect(second).toMatchObject({ convolutions, timed: 0, cached: 0, changed: first?.changed })
  })

  it('tunes in a job that trains nothing: it tells how far it is, and training knows it all', async () => {
    const cacheDirectory = await mkdtemp(join(folder, 'cache-'))
    const autotune = { cacheDirectory, budgetMs: 60_000, report: false }
    const { autotune: record, tuning } = await train(jobOf({ backend, autotune, purpose: 'tune' }))
    const toTime = record?.timed ?? 0
    expect(toTime).toBeGreaterThan(0)
    expect(tuning.map(({ timed }) => timed)).toEqual(Array.from({ length: toTime + 1 }, (_, timed) => timed))
    expect(tuning[0]).toEqual({ timed: 0, toTime, elapsedMs: expect.any(Number), remainingMs: null })
    expect(tuning.at(-1)).toMatchObject({ timed: toTime, toTime, remainingMs: 0 })
    const trained = await train(jobOf({ backend, autotune }))
    expect(trained.autotune).toMatchObject({ timed: 0, cached: toTime })
  })
}

/** `correct` is a sum over ranks, so it also tells whether numbers find their way through the group. */
function expectLikeSingle(answers: readonly StrategyAnswer[], single: StrategyAnswer): void {
  expect(new Set(answers.map(({ parameterChecksum }) => parameterChecksum)).size).toBe(1)
  for (const answer of answers) {
    expect(largestDifference(answer.weights, single.weights)).toBeLessThan(tolerance)
    expect(answer.correct).toBe(single.correct)
  }
}

describe('strategies on wasm', () => {
  strategiesOn({ name: 'wasm' })
  autotunedStrategiesOn({ name: 'wasm' })
})

describeWithTensorFlow('strategies on TensorFlow', () => {
  const backend: TrainerBackend = { name: 'tensorflow', libraryDir: tensorflowLibraryDir }
  strategiesOn(backend)
  autotunedStrategiesOn(backend)

  describeWithNetworkNamespace('DDP over TensorFlow collectives', () => {
    let network: NetworkNamespace
    beforeAll(async () => {
      network = await openNetworkNamespace()
    })
    afterAll(() => network.close())

    it.each([2, 4])('with %i ranks gives the weights of Single, alike on all', async (worldSize) => {
      const single = await train(jobOf({ backend }))
      const addresses = Array.from({ length: worldSize }, (_, rank) => `127.0.0.1:${4000 + rank}`)
      const collective: CollectiveJob = { kind: 'tensorflow', addresses, timeoutMs: 30_000 }
      const inside = () => network.enter
      expectLikeSingle(await trainDistributed(backend, worldSize, collective, inside), single)
      const changes = { gradientCompression: 'bf16' as const }
      expectNearlySingle(await trainDistributed(backend, worldSize, collective, inside, changes), single)
    })
  })

  describeWithTwoMachines('DDP over two machines', () => {
    const ends = twoEnds(`${process.pid}e`)
    beforeAll(() => joinNamespaces(ends))
    afterAll(() => removeNamespaces(ends))

    it('gives the weights of Single, alike on both', async () => {
      const addresses = ends.map(({ address }) => `${address}:4000`)
      const collective: CollectiveJob = { kind: 'tensorflow', addresses, timeoutMs: 30_000 }
      const onMachine = (rank: number) => enter(ends[rank as 0 | 1])
      const ranks = await trainDistributed(backend, 2, collective, onMachine)
      expectLikeSingle(ranks, await train(jobOf({ backend })))
    })
  })
})
