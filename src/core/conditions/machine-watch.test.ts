import { describe, expect, it } from 'vitest'
import type { StepRecord } from '../../shared/child/trainer-protocol.js'
import { plannedMeasurement, runSample } from '../../shared/live/live-run.fixture.js'
import type { Measurement } from '../../shared/results/results.js'
import { MachineWatch } from './machine-watch.js'

const step: StepRecord = {
  epoch: 0,
  step: 0,
  loss: 2,
  images: 64,
  startedAtMs: 1_000,
  stepMs: 100,
  dataWaitMs: 0,
  computeMs: 90,
  communicationMs: 0,
  updateMs: 0,
  arrivedAtMs: null,
}

function watchOf(measurement: Measurement, platform: NodeJS.Platform = 'linux') {
  let nowMs = 1_000
  let asleepSeconds = 0
  const clocks = () => ({ sinceBootSeconds: nowMs / 1000 + asleepSeconds, monotonicSeconds: nowMs / 1000 })
  const watch = new MachineWatch(measurement.devices, () => nowMs, platform, [], clocks)
  const warmedUp = { type: 'warmed-up', id: 'ddp', traceMs: 1, firstStepMs: 1, stepsPerEpoch: 1 } as const
  const epoch = {
    epoch: 0,
    loss: 2,
    seconds: 1,
    images: 64,
    steps: 1,
    testAccuracy: null,
    parameterChecksum: '',
  }
  return {
    watch,
    begins: () => watch.follow({ type: 'measurement-started', measurement, epochs: 1 }),
    isWarm: () => {
      for (const rank of [0, 1]) watch.follow({ ...warmedUp, rank })
    },
    trains: (changes: Partial<StepRecord> = {}) =>
      watch.follow({ type: 'steps', id: 'ddp', rank: 0, steps: [{ ...step, ...changes }] }),
    sleeps: (seconds: number) => {
      asleepSeconds += seconds
    },
    endsTraining: (atMs: number) => {
      nowMs = atMs
      watch.follow({ type: 'epoch', id: 'ddp', title: 'DDP', epoch, epochs: 1 })
    },
    sample: (atMs: number, busy: number) => {
      nowMs = atMs
      const trainers = [1, 2].map((pid) => ({ pid, name: '', coresUsed: 0.5, memoryBytes: null }))
      const { cpu } = runSample(0)
      watch.add(runSample(atMs, { trainers, cpu: { ...cpu, cores: [busy, busy] } }))
    },
  }
}

const ddp: Measurement = { ...plannedMeasurement('ddp'), ranks: [] }

describe('the watch over a measurement', () => {
  it('begins when all ranks are warmed up and ends with its last epoch', async () => {
    const { watch, begins, isWarm, endsTraining, sample } = watchOf(ddp)
    begins()
    sample(900, 1)
    expect(watch.conditions()).toBeNull()
    sample(1_000, 1)
    isWarm()
    sample(1_250, 0.6)
    expect(watch.conditions()).toMatchObject({ seconds: 0.25, telemetry: { samples: 1 } })
    endsTraining(1_500)
    sample(1_750, 1)

    expect(await watch.conclude()).toMatchObject({
      seconds: 0.5,
      telemetry: { samples: 1, longestGapSeconds: 0.25 },
      cpu: { othersCores: expect.closeTo(0.2), othersShareOfOwnCores: expect.closeTo(0.1) },
    })
    expect(watch.conditions()).toBeNull()
  })

  it('finds nothing for what never trained', async () => {
    const { watch, begins, sample } = watchOf(ddp)
    begins()
    sample(1_250, 1)
    expect(await watch.conclude()).toBeNull()
  })

  it('takes no cores for the trainers’ own where they cannot be pinned', async () => {
    const { watch, begins, isWarm, sample } = watchOf(ddp, 'darwin')
    begins()
    isWarm()
    sample(1_250, 1)
    expect(await watch.conclude()).toMatchObject({ cpu: { othersCores: 1, othersShareOfOwnCores: null } })
  })

  it('knows how long the machine slept, also before the first step', async () => {
    const { watch, begins, isWarm, sleeps, endsTraining } = watchOf(ddp)
    begins()
    isWarm()
    sleeps(12)
    endsTraining(3_000)
    sleeps(100)
    expect((await watch.conclude())?.standstill?.suspendedSeconds).toBeCloseTo(12)
  })

  it('takes a long step for a standstill only where the sampler was silent too', async () => {
    const silent = watchOf(ddp)
    const watched = watchOf(ddp)
    for (const { begins, isWarm, trains } of [silent, watched]) {
      begins()
      isWarm()
      trains({ startedAtMs: 1_000, stepMs: 15_000 })
      trains({ startedAtMs: 16_000, stepMs: 100 })
    }
    silent.sample(16_100, 1)
    for (let atMs = 1_250; atMs <= 16_250; atMs += 250) watched.sample(atMs, 1)
    expect(silent.watch.conditions()?.standstill?.stalledSeconds).toBeCloseTo(15.1)
    expect(watched.watch.conditions()?.standstill?.stalledSeconds).toBe(0)
  })

  it('starts afresh with every measurement', async () => {
    const { watch, begins, isWarm, sample } = watchOf(ddp)
    begins()
    isWarm()
    sample(1_250, 1)
    begins()
    expect(watch.conditions()).toBeNull()
    isWarm()
    expect(watch.conditions()).toMatchObject({ telemetry: { samples: 0 } })
  })
})
