import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatCoreList, parseCoreList } from './core-list.js'

describe('lists of cores', () => {
  it.each([
    ['0', [0]],
    ['0-3', [0, 1, 2, 3]],
    ['0-1,4,6-7\n', [0, 1, 4, 6, 7]],
    ['', []],
  ])('reads %j', (text, cores) => {
    expect(parseCoreList(text)).toEqual(cores)
  })

  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(300)), (cores) => {
        const sorted = cores.sort((a, b) => a - b)
        expect(parseCoreList(formatCoreList(sorted))).toEqual(sorted)
      }),
    )
  })
})
