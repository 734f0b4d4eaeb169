import { describe, expect, it } from 'vitest'
import { legendTimes } from './legend-times.js'

const ranks = [28, 3.1, 12, 7.25].map((ms, rank) => ({ name: `Rank ${rank}`, ms }))

describe('the times of a phase in the legend', () => {
  it('say who, and how long', () => {
    expect(legendTimes(ranks.slice(0, 1), false)).toBe('Rank 0 28.0 ms')
    expect(legendTimes(ranks.slice(0, 2), false)).toBe('Rank 0 28.0 ms, Rank 1 3.10 ms')
  })

  it('are a range where there are many lanes', () => {
    expect(legendTimes(ranks, false)).toBe('4 lanes, 3.10 ms to 28.0 ms')
  })

  it('stand once where all lanes are of one process', () => {
    expect(
      legendTimes(
        ranks.map(({ name }) => ({ name, ms: 5 })),
        true,
      ),
    ).toBe('5.00 ms')
  })
})
