import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holmAdjust } from './holm.js'

const pValues = () => fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 })

describe("Holm's correction", () => {
  it("is R's p.adjust(method = 'holm')", () => {
    const adjusted = holmAdjust([0.01, 0.04, 0.03, 0.005])
    expect(adjusted.map((pValue) => Number(pValue.toFixed(10)))).toEqual([0.03, 0.06, 0.06, 0.02])
  })

  it('changes nothing where there is one comparison', () => {
    expect(holmAdjust([0.03])).toEqual([0.03])
    expect(holmAdjust([])).toEqual([])
  })

  it('never makes a finding more certain, nor costs more than a factor of all comparisons', () => {
    fc.assert(
      fc.property(pValues(), (all) => {
        for (const [index, adjusted] of holmAdjust(all).entries()) {
          const raw = all[index] as number
          expect(adjusted).toBeGreaterThanOrEqual(raw)
          expect(adjusted).toBeLessThanOrEqual(Math.min(1, raw * all.length))
        }
      }),
    )
  })

  it('rejects step by step: the smallest at 5 % of all, the next at 5 % of the rest, until one fails', () => {
    fc.assert(
      fc.property(pValues(), (all) => {
        const ascending = [...all].sort((a, b) => a - b)
        const failing = ascending.findIndex((pValue, rank) => (all.length - rank) * pValue > 0.05)
        const rejected = failing === -1 ? all.length : failing
        expect(holmAdjust(all).filter((adjusted) => adjusted <= 0.05)).toHaveLength(rejected)
      }),
    )
  })

  it('keeps their order and does not depend on how they are listed', () => {
    fc.assert(
      fc.property(pValues(), (all) => {
        const adjusted = holmAdjust(all)
        for (const [one, raw] of all.entries()) {
          for (const [other, otherRaw] of all.entries()) {
            if (raw <= otherRaw) expect(adjusted[one]).toBeLessThanOrEqual(adjusted[other] as number)
          }
        }
        expect(holmAdjust([...all].reverse()).reverse()).toEqual(adjusted)
      }),
    )
  })
})
