import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FromSampler, ToSampler } from '../../shared/child/telemetry.js'
import type { ChildOptions, SpawnChild } from '../child/child-program.js'
import { Telemetry } from './telemetry.js'

/** A child that does what the test says, in the test's own time. */
interface ScriptedChild {
  options: ChildOptions
  killed: boolean
}

const minuteMs = 60_000

const ready: FromSampler = { type: 'ready', gpuSources: [], problems: [] }
const sample: FromSampler = {
  type: 'sample',
  sample: {
    atMs: 0,
    costMs: 0,
    cpu: { cores: [], stealShare: null, powerWatts: null, temperatureCelsius: null, clockMegahertz: null },
    memory: { usedBytes: 1, totalBytes: 2, swapUsedBytes: null },
    gpus: [],
    trainers: [],
  },
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function open(behave: (child: ScriptedChild) => void, options: { unkillable?: boolean } = {}) {
  const children: ScriptedChild[] = []
  const spawn: SpawnChild = (childOptions) => {
    const child: ScriptedChild = { options: childOptions, killed: false }
    children.push(child)
    setTimeout(behave, 10, child)
    return {
      pid: 1000 + children.length,
      send(message) {
        const stopped = (message as ToSampler).type === 'stop' && !options.unkillable
        if (stopped) queueMicrotask(() => childOptions.onExit({ code: 0, signal: null }))
      },
      terminate() {},
      kill() {
        child.killed = true
        if (!options.unkillable) setTimeout(() => childOptions.onExit({ code: null, signal: 'SIGKILL' }), 1)
      },
    }
  }
  const telemetry = new Telemetry({ spawn, entry: 'sampler.js', environment: {} })
  return { telemetry, children }
}

const crash = ({ options }: ScriptedChild) => {
  options.onOutput('Error: no such device\n')
  options.onExit({ code: 1, signal: null })
}
/** Samples for so long, then ends. */
const liveFor = (ms: number) => (child: ScriptedChild) => {
  child.options.onMessage(ready)
  const timer = setInterval(() => child.options.onMessage(sample), 250)
  setTimeout(() => {
    clearInterval(timer)
    crash(child)
  }, ms)
}

describe('a sampler that dies at every start', () => {
  it('is started again at once, then ever more rarely, in the end once a minute', async () => {
    const { telemetry, children } = open(crash)
    await vi.advanceTimersByTimeAsync(minuteMs)
    const early = children.length
    expect(early).toBeGreaterThan(3)
    await vi.advanceTimersByTimeAsync(60 * minuteMs)
    expect(children.length - early).toBeGreaterThan(50)
    expect(children.length - early).toBeLessThanOrEqual(60)

    expect(telemetry.state).toEqual({
      state: 'lost',
      gpuSources: [],
      problems: ['The sampler ended (exit code 1). It printed: Error: no such device'],
    })
    await telemetry.close()
  })
})

describe('a sampler that lived for a while before it was lost', () => {
  it('is started again at once, every time', async () => {
    const { telemetry, children } = open(liveFor(2 * minuteMs))
    await vi.advanceTimersByTimeAsync(41 * minuteMs)
    expect(children).toHaveLength(21)
    expect(telemetry.state.state).toBe('running')
    await telemetry.close()
  })

  it('is started ever more rarely when it never lives for a minute', async () => {
    const { telemetry, children } = open(liveFor(5_000))
    await vi.advanceTimersByTimeAsync(41 * minuteMs)
    expect(children.length).toBeLessThan(45)
    await telemetry.close()
  })
})

describe('a sampler that hangs', () => {
  it('is killed when it gave no sample for three seconds', async () => {
    const { telemetry, children } = open((child) => {
      child.options.onMessage(ready)
      child.options.onMessage(sample)
    })
    await vi.advanceTimersByTimeAsync(2_900)
    expect([children[0]?.killed, telemetry.state.state]).toEqual([false, 'running'])
    await vi.advanceTimersByTimeAsync(300)
    expect([children[0]?.killed, telemetry.state.state]).toEqual([true, 'lost'])
    await telemetry.close()
  })

  it('may take longer to its first sample, while a driver wakes', async () => {
    const { telemetry, children } = open((child) => {
      setTimeout(() => liveFor(minuteMs)(child), 20_000)
    })
    await vi.advanceTimersByTimeAsync(25_000)
    expect(telemetry.state.state).toBe('running')
    expect(children).toHaveLength(1)
    await telemetry.close()
  })

  it('and cannot be killed is not joined by a second one, until it is gone', async () => {
    const { telemetry, children } = open(() => {}, { unkillable: true })
    await vi.advanceTimersByTimeAsync(10 * minuteMs)
    expect(children).toHaveLength(1)
    expect(telemetry.state).toMatchObject({
      state: 'lost',
      problems: [
        'The sampler gave no sample for 30 s, as when a device driver hangs.',
        'The sampler (process 1001) could not be ended; a device driver may be holding it.',
      ],
    })
    children[0]?.options.onExit({ code: null, signal: 'SIGKILL' })
    await vi.advanceTimersByTimeAsync(minuteMs)
    expect(children.length).toBeGreaterThan(1)

    // Neither does closing wait for it.
    const closed = telemetry.close()
    await vi.advanceTimersByTimeAsync(minuteMs)
    await closed
    expect(telemetry.state.state).toBe('stopped')
  })
})
