import { afterEach, describe, expect, it } from 'vitest'
import { type FakeBehaviour, fakeGroup, fakeHost, running } from './fake-host.fixture.js'
import type { RunTimeouts } from './timeouts.js'
import { runTrainerGroup, type TrainerGroupOptions } from './trainer-group.js'

const pids: number[] = []

afterEach(() => {
  expect(running(pids.splice(0))).toEqual([])
})

async function runGroup(
  worldSize: number,
  behaviour: FakeBehaviour,
  options: Partial<TrainerGroupOptions> & { timeouts?: Partial<RunTimeouts> } = {},
) {
  const host = fakeHost(behaviour, options.timeouts)
  const outcome = await runTrainerGroup({
    jobs: fakeGroup(worldSize),
    host,
    signal: new AbortController().signal,
    onMessage: () => null,
    onAllReady: () => {},
    ...options,
  })
  const left = running(host.pids)
  pids.push(...host.pids)
  return { outcome, left, started: host.pids.length }
}

describe('a group of trainers', () => {
  it('completes when every rank has, and adds up their memory', async () => {
    const { outcome, started, left } = await runGroup(2, {})
    expect(outcome).toEqual({ kind: 'completed', peakMemoryBytes: 2000 })
    expect(started).toBe(2)
    expect(left).toEqual([])
  })

  it('says once when all ranks are ready', async () => {
    const heard: string[] = []
    await runGroup(
      2,
      {},
      {
        onMessage: (rank, message) => {
          if (message.type === 'ready') heard.push(`rank ${rank}`)
          return null
        },
        onAllReady: () => heard.push('all'),
      },
    )
    expect(heard.sort()).toEqual(['all', 'rank 0', 'rank 1'])
    expect(heard.filter((entry) => entry === 'all')).toHaveLength(1)
  })

  it.each(['throw', 'report', 'exit-3', 'exit-0', 'kill', 'malformed'])(
    'ends as a whole when one rank fails (%s), which is named',
    async (fault) => {
      const { outcome, left } = await runGroup(3, { fault, rank: 1, stepsPerEpoch: 10_000 })
      expect(outcome).toMatchObject({ kind: 'failed', error: { rank: 1 } })
      expect(left).toEqual([])
    },
  )

  it('leaves no rank that ignores its stop', async () => {
    const { outcome, left } = await runGroup(
      2,
      {
        fault: 'ignore-stop',
      },
      { timeouts: { silenceMs: 1_000 } },
    )
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'trainer-hung' } })
    expect(left).toEqual([])
  })

  it('names the ranks that never became ready', async () => {
    const { outcome, left } = await runGroup(
      3,
      { fault: 'never-ready', rank: 2, stepsPerEpoch: 10_000 },
      {
        timeouts: { readyMs: 4_000 },
      },
    )
    expect(outcome).toMatchObject({
      kind: 'failed',
      error: { code: 'trainer-not-ready', message: 'Rank 2 of 3 was not ready within 4 s' },
    })
    expect(left).toEqual([])
  })

  it('stops when it is told to', async () => {
    const controller = new AbortController()
    const { outcome, left } = await runGroup(
      2,
      { stepsPerEpoch: 10_000 },
      {
        signal: controller.signal,
        onMessage: (_rank, message) => {
          if (message.type === 'steps') controller.abort()
          return null
        },
      },
    )
    expect(outcome).toEqual({ kind: 'cancelled' })
    expect(left).toEqual([])
  })

  it('starts nothing when it was told to stop before', async () => {
    const { outcome, started } = await runGroup(2, {}, { signal: AbortSignal.abort() })
    expect(outcome).toEqual({ kind: 'cancelled' })
    expect(started).toBe(0)
  })

  it('fails with the objection to a message', async () => {
    const objection = { code: 'ranks-diverged', message: 'not alike', hint: '' }
    const { outcome, left } = await runGroup(
      2,
      { stepsPerEpoch: 10_000 },
      {
        onMessage: (_rank, message) => (message.type === 'steps' ? objection : null),
      },
    )
    expect(outcome).toEqual({ kind: 'failed', error: objection })
    expect(left).toEqual([])
  })

  it('takes the cause, not the peer that noticed it first', async () => {
    const { outcome } = await runGroup(2, { fault: 'missed-peer-then-kill', stepsPerEpoch: 10_000 })
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'trainer-killed', rank: 1 } })
  })
})
