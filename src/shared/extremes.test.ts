import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { largest, smallest } from './extremes.js'

describe('extremes', () => {
  it('are those of Math', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true })), (values) => {
        const asIs = (value: number) => value
        expect(largest(values, asIs) + 0).toBe(Math.max(...values) + 0)
        expect(smallest(values, asIs) + 0).toBe(Math.min(...values) + 0)
      }),
    )
  })

  it('are found among as many items as a long run has steps', () => {
    const steps = Array.from({ length: 1_000_000 }, (_, step) => ({ step }))
    expect(largest(steps, ({ step }) => step)).toBe(999_999)
    expect(smallest(steps, ({ step }) => step)).toBe(0)
  })
})
