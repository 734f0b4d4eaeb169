import { MessageChannel } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SilenceWatchdog } from './silence-watchdog.js'

describe('a silence', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('that is too long is told once', () => {
    const onHung = vi.fn()
    new SilenceWatchdog(1_000, onHung)
    vi.advanceTimersByTime(999)
    expect(onHung).not.toHaveBeenCalled()
    vi.advanceTimersByTime(10_000)
    expect(onHung.mock.calls).toEqual([[1_000]])
  })

  it('begins anew whenever something is heard', () => {
    const onHung = vi.fn()
    const watchdog = new SilenceWatchdog(1_000, onHung)
    for (let round = 0; round < 10; round++) {
      vi.advanceTimersByTime(900)
      watchdog.heard()
    }
    expect(onHung).not.toHaveBeenCalled()
    vi.advanceTimersByTime(2_000)
    expect(onHung).toHaveBeenCalledOnce()
  })

  it('may become shorter or longer, and not matter any more', () => {
    const onHung = vi.fn()
    const watchdog = new SilenceWatchdog(1_000, onHung)
    watchdog.allow(10_000)
    vi.advanceTimersByTime(9_000)
    expect(onHung).not.toHaveBeenCalled()
    watchdog.close()
    vi.advanceTimersByTime(60_000)
    expect(onHung).not.toHaveBeenCalled()
  })
})

it('what came while this process itself was busy was no silence', async () => {
  const { port1, port2 } = new MessageChannel()
  const onHung = vi.fn()
  const watchdog = new SilenceWatchdog(200, onHung)
  try {
    const heard = new Promise<void>((resolve) => {
      port2.on('message', () => {
        watchdog.heard()
        resolve()
      })
    })
    setTimeout(() => {
      port1.postMessage('still here')
      const until = performance.now() + 400
      while (performance.now() < until);
    }, 10)
    await heard
    expect(onHung).not.toHaveBeenCalled()
    await vi.waitFor(() => expect(onHung).toHaveBeenCalledOnce())
  } finally {
    watchdog.close()
    port1.close()
  }
})
