import { describe, expect, it } from 'vitest'
import { describeSlowRank, slowRankOf, slowRankPattern } from './slow-rank.js'

describe('a rank that is slowed on purpose', () => {
  it.each([
    ['1:1.5x', { rank: 1, factor: 1.5 }],
    ['0:2x', { rank: 0, factor: 2 }],
    ['12:10x', { rank: 12, factor: 10 }],
    ['3:1.01x', { rank: 3, factor: 1.01 }],
  ])('is read from %s', (text, expected) => {
    expect(text).toMatch(slowRankPattern)
    expect(slowRankOf(text)).toEqual(expected)
  })

  it('is none where none is asked for', () => {
    expect('none').toMatch(slowRankPattern)
    expect(slowRankOf('none')).toBeNull()
  })

  it.each(['1:1x', '1:1.0x', '1:0.5x', '1:11x', '1:1.5', '-1:2x', '1:NaNx', ':2x', '1', '1:2x,2:2x'])(
    'is not %s',
    (text) => {
      expect(text).not.toMatch(slowRankPattern)
    },
  )

  it('is said in words', () => {
    expect(describeSlowRank({ rank: 1, factor: 1.5 })).toBe('rank 1 slowed 1.5x on purpose')
  })
})
