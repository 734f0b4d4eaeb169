import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Recent } from './recent.js'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('what was last made', () => {
  const counting = () => {
    let made = 0
    return { make: async () => ++made, made: () => made }
  }

  it('is made once, for all who ask meanwhile and after', async () => {
    const recent = new Recent<number>(1_000)
    const { make, made } = counting()
    expect(await Promise.all([recent.get('a', make), recent.get('a', make)])).toEqual([1, 1])
    expect(await recent.get('a', make)).toBe(1)
    expect(made()).toBe(1)
  })

  it('makes room for the next', async () => {
    const recent = new Recent<number>(1_000)
    const { make } = counting()
    expect([await recent.get('a', make), await recent.get('b', make), await recent.get('a', make)]).toEqual([
      1, 2, 3,
    ])
  })

  it('is forgotten once nobody has asked for some time', async () => {
    const recent = new Recent<number>(1_000)
    const { make, made } = counting()
    await recent.get('a', make)
    vi.advanceTimersByTime(900)
    await recent.get('a', make)
    vi.advanceTimersByTime(900)
    await recent.get('a', make)
    expect(made()).toBe(1)
    vi.advanceTimersByTime(1_001)
    await recent.get('a', make)
    expect(made()).toBe(2)
  })

  it('is tried again where it failed', async () => {
    const recent = new Recent<number>(1_000)
    await expect(recent.get('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await recent.get('a', async () => 7)).toBe(7)
  })
})
