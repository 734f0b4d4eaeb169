import fc from 'fast-check'
import { expect, it } from 'vitest'
import { backOffMs } from './back-off.js'

it('waits longer after every failure, up to a limit', () => {
  const waits = [1, 2, 3, 4, 5, 6].map((failures) => backOffMs(failures, { firstMs: 500, mostMs: 60_000 }))
  expect(waits).toEqual([500, 2_000, 8_000, 32_000, 60_000, 60_000])
})

it('stays within its limits however often something fails', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (failures) => {
      const waitMs = backOffMs(failures, { firstMs: 500, mostMs: 60_000 })
      expect(waitMs >= 500 && waitMs <= 60_000).toBe(true)
    }),
  )
})
