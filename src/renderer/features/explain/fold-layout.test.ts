import fc from 'fast-check'
import { expect, it } from 'vitest'
import { foldLayout } from './fold-layout.js'

const titles = [
  'Ideal: shared without loss',
  'Slower compute per image: smaller batches, shared memory bandwidth, lower clocks',
  'Measured',
]

it('keeps every row below the one before it, at any size', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 300, max: 3840 }),
      fc.integer({ min: 0, max: 2160 }),
      fc.integer({ min: 12, max: 50 }),
      (width, height, fontPixels) => {
        const { lines } = foldLayout({ width, height, fontPixels, titles })
        for (const [row, { texts, middle }] of lines.entries()) {
          const end = middle + (fontPixels * 1.1 * texts.length) / 2
          const next = lines[row + 1]
          if (next === undefined) continue
          expect(end).toBeLessThanOrEqual(next.middle - (fontPixels * 1.1 * next.texts.length) / 2)
        }
      },
    ),
  )
})

it('uses the height that there is, up to rows that no longer belong together', () => {
  const endOf = (height: number): number => {
    const { lines } = foldLayout({ width: 1200, height, fontPixels: 16, titles })
    return lines.at(-1)?.middle ?? 0
  }
  expect(endOf(110)).toBeGreaterThan(endOf(90))
  expect(endOf(4000)).toBe(endOf(2000))
})
