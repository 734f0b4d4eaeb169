import { describe, expect, it } from 'vitest'
import { comparePath, pathOf, runIdsOf } from './compare-path.js'

const run = (runId: string, isBaseline = false) => ({ runId, isBaseline })

describe('the address of a comparison', () => {
  it('has the oldest run as the base, whatever was chosen first', () => {
    expect(comparePath([run('3'), run('1'), run('2')])).toBe('/compare/1,2,3')
  })

  it('has the baseline as the base, where it is among the runs', () => {
    expect(comparePath([run('1'), run('2'), run('3', true)])).toBe('/compare/3,1,2')
  })

  it('is read as it was written, and no run is held against itself', () => {
    expect(runIdsOf(pathOf(['b', 'a']).split('/').at(-1))).toEqual(['b', 'a'])
    expect(runIdsOf('a,,b,a')).toEqual(['a', 'b'])
    expect(runIdsOf(undefined)).toEqual([])
  })
})
