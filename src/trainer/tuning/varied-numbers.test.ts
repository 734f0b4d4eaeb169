import { expect, it } from 'vitest'
import { variedNumbers } from './varied-numbers.js'

it.each([1, 17, 4_099, 4_100, 50_000])('fills %i numbers between -1 and 1 that differ', (count) => {
  const numbers = variedNumbers(count)
  expect(numbers).toHaveLength(count)
  expect(numbers.every((number) => Math.abs(number) <= 1)).toBe(true)
  expect(new Set(numbers).size).toBeGreaterThan(Math.min(count, 4_000) * 0.9)
  expect(numbers.at(-1)).toBe(numbers[(count - 1) % 4_099])
})
