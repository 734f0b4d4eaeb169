import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { doublingTicks, niceAxis, roundTicks } from './axis.js'

describe('ticks of numbers of devices', () => {
  it('are the powers of two', () => {
    expect(doublingTicks(8)).toEqual([1, 2, 4, 8])
    expect(doublingTicks(12)).toEqual([1, 2, 4, 8])
    expect(doublingTicks(1)).toEqual([1])
  })

  it('keep 1 and the largest, and leave out those that would touch a neighbour', () => {
    expect(doublingTicks(1024)).toEqual([1, 64, 128, 256, 512, 1024])
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 1024 }), (to) => {
        const ticks = doublingTicks(to)
        expect(ticks[0]).toBe(1)
        expect(ticks.at(-1)).toBe(2 ** Math.floor(Math.log2(to)))
        for (const [index, tick] of ticks.slice(1).entries()) {
          expect(tick - (ticks[index] ?? 0)).toBeGreaterThanOrEqual(0.055 * (to - 1))
        }
      }),
    )
  })
})

it('round ticks lie on the axis, and a nice axis ends at some', () => {
  expect(roundTicks({ from: 0, to: 2.1 }, 4)).toEqual([0, 0.5, 1, 1.5, 2])
  expect(niceAxis({ from: 0, to: 7.4 }, 5)).toEqual({ from: 0, to: 8 })
})
