import { expect, it } from 'vitest'
import { remainingText } from './remaining-text.js'

it.each([
  [null, ''],
  [0, 'about 5 s left'],
  [12, 'about 10 s left'],
  [58, 'about 1 min 00 s left'],
  [71, 'about 1 min 15 s left'],
  [1_000, 'about 17 min 00 s left'],
  [9_841, 'about 2 h 40 min left'],
])('a remaining time of %s seconds reads %j', (seconds, text) => expect(remainingText(seconds)).toBe(text))
