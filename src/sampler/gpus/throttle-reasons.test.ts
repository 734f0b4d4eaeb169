import { expect, it } from 'vitest'
import { throttleReasons } from './throttle-reasons.js'

it.each([
  ['0x0', []],
  ['0x1', []],
  ['0x4', ['power limit']],
  ['0x28', ['hardware slowdown', 'temperature limit']],
  ['0x8000000000000004', ['power limit', 'reason 0x8000000000000000']],
])('the mask %s in words: %j', (mask, words) => {
  expect(throttleReasons(BigInt(mask))).toEqual(words)
})
