import { describe, expect, it } from 'vitest'
import { legendHead, legendTimes } from './legend-times.js'

describe('the times of a phase in the legend', () => {
  it('say how long each lane was in it, in the order of its head', () => {
    expect(legendHead(['Rank 0', 'Rank 1'], false)).toBe('Rank 0 / Rank 1')
    expect(legendTimes([0, 28.64], false)).toBe('0 / 28.6 ms')
    expect(legendTimes([144.3, 7.25], false)).toBe('144.3 / 7.25 ms')
  })

  it('are a range where there are many lanes', () => {
    expect(legendHead(['Rank 0', 'Rank 1', 'Rank 2', 'Rank 3'], false)).toBeNull()
    expect(legendTimes([28, 3.1, 12, 7.25], false)).toBe('3.10 ms to 28.0 ms')
    expect(legendTimes([5, 5, 5, 5], false)).toBe('5.00 ms')
  })

  it('stand once where all lanes are of one process', () => {
    expect(legendHead(['CPU:0', 'CPU:1'], true)).toBeNull()
    expect(legendTimes([5, 5], true)).toBe('5.00 ms')
  })
})
