import { describe, expect, it } from 'vitest'
import { withInterrupt } from './interrupt.js'

describe('an action that can be interrupted', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'has its signal fired by %s, and returns what it makes of it',
    async (name) => {
      const before = process.listenerCount(name)
      const outcome = await withInterrupt(async (signal) => {
        // What a library that restores the terminal's cursor looks for while it handles the same signal.
        const others: number[] = []
        const restoreCursor = (): number => others.push(process.listenerCount(name) - 1)
        process.on(name, restoreCursor)
        process.emit(name, name)
        process.off(name, restoreCursor)
        return { aborted: signal.aborted, others }
      })
      expect(outcome.aborted).toBe(true)
      expect(outcome.others[0]).toBeGreaterThan(before)
      expect(process.listenerCount(name)).toBe(before)
    },
  )

  it('takes the same Ctrl-C once, when npm passes on what the terminal has sent already', async () => {
    const aborted = await withInterrupt(async (signal) => {
      process.emit('SIGINT', 'SIGINT')
      // Taken for a second one, this would end the test's process.
      process.emit('SIGINT', 'SIGINT')
      return signal.aborted
    })
    expect(aborted).toBe(true)
  })
})
