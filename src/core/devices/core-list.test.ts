import { describe, expect, it } from 'vitest'
import { parseCoreList } from './core-list.js'

describe('parseCoreList', () => {
  it.each([
    ['0', [0]],
    ['0-3,8', [0, 1, 2, 3, 8]],
    [' 2,4-5\n', [2, 4, 5]],
  ])('reads %j', (text, cores) => expect(parseCoreList(text)).toEqual(cores))

  it.each(['', 'a', '1-', '1,,2', '-1'])('does not read %j', (text) => expect(parseCoreList(text)).toBeNull())
})
