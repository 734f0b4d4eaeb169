import { describe, expect, it } from 'vitest'
import { withInterrupt } from './interrupt.js'

describe('an action that can be interrupted', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
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
})
