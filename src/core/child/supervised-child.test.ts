import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import type { ChildOptions } from './child-program.js'
import { type EndingPace, SupervisedChild } from './supervised-child.js'

const pace: EndingPace = { graceMs: 3_000, terminateMs: 1_000, killMs: 2_000 }

/** A child that only a test moves, and what was done to it. */
function supervised() {
  const events: string[] = []
  let listeners: Pick<ChildOptions, 'onMessage' | 'onOutput' | 'onExit'> | null = null
  const child = new SupervisedChild({
    start(own) {
      listeners = own
      return {
        pid: 4711,
        send: (message) => events.push(`send ${JSON.stringify(message)}`),
        terminate: () => events.push('SIGTERM'),
        kill: () => events.push('SIGKILL'),
      }
    },
    schema: z.object({ loss: z.number() }),
    logPath: null,
    silenceMs: 10_000,
    onMessage: ({ loss }) => events.push(`loss ${loss}`),
    onMalformed: (raw) => events.push(`malformed ${JSON.stringify(raw)}`),
    onSilence: (limitMs) => events.push(`silent for ${limitMs}`),
    onExit: ({ code }) => events.push(`exit ${code}`),
    onUnkillable: () => events.push('unkillable'),
  })
  if (listeners === null) throw new Error('it was not started')
  const { onMessage, onExit } = listeners as Pick<ChildOptions, 'onMessage' | 'onExit'>
  return { child, events, say: onMessage, exit: (code: number) => onExit({ code, signal: null }) }
}

describe('a supervised child', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('is ended step by step, and given up on', async () => {
    const { child, events } = supervised()
    const ended = child.end(pace)
    await vi.advanceTimersByTimeAsync(2_999)
    expect(events).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(events).toEqual(['SIGTERM'])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(events).toEqual(['SIGTERM', 'SIGKILL'])
    await vi.advanceTimersByTimeAsync(2_000)
    expect(events).toEqual(['SIGTERM', 'SIGKILL', 'unkillable'])
    await ended
  })

  it('is left alone once it is gone', async () => {
    const { child, events, exit } = supervised()
    const ended = child.end(pace)
    await vi.advanceTimersByTimeAsync(500)
    exit(0)
    await Promise.all([ended, child.gone])
    child.send({ type: 'stop' })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(events).toEqual(['exit 0'])
  })

  it('is killed at once where nobody waits for it, without SIGTERM where there is none', async () => {
    const { child, events } = supervised()
    void child.end({ graceMs: 0, terminateMs: null, killMs: 2_000 })
    await vi.advanceTimersByTimeAsync(0)
    expect(events).toEqual(['SIGKILL'])
  })

  it('is ended at the pace of the first call', async () => {
    const { child, events } = supervised()
    const first = child.end(pace)
    expect(child.end({ ...pace, graceMs: 0 })).toBe(first)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(events).toEqual([])
  })

  it('is silent, too, when nothing that it says is understood', async () => {
    const { events, say } = supervised()
    for (let second = 0; second < 8; second++) {
      say({ loss: second })
      await vi.advanceTimersByTimeAsync(1_000)
    }
    for (let second = 0; second < 10; second++) {
      say({ loss: 'low' })
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(events.filter((event) => event.startsWith('silent'))).toEqual(['silent for 10000'])
    expect(events.filter((event) => event.startsWith('loss'))).toHaveLength(8)
  })

  it('is not called silent while it is being ended', async () => {
    const { child, events } = supervised()
    void child.end({ graceMs: 60_000, terminateMs: null, killMs: 2_000 })
    await vi.advanceTimersByTimeAsync(30_000)
    expect(events).toEqual([])
  })
})
