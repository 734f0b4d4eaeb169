import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placeLegend } from './legend.js'
import { sideTitle, textWidth, wrapText } from './text-width.js'

describe('wrapping text', () => {
  const words = fc.array(fc.string({ unit: fc.constantFrom(...'abcim '), minLength: 1, maxLength: 12 }))

  it('loses no word, and keeps lines within the width unless a word alone is wider', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 20, max: 300 }), (parts, width) => {
        const text = parts.join(' ')
        const lines = wrapText(text, width, 10)
        expect(lines.join(' ')).toBe(text)
        for (const line of lines) expect(textWidth(line, 10) <= width || !line.includes(' ')).toBe(true)
      }),
    )
  })
})

describe('a legend', () => {
  it('goes on in a further row where one is full', () => {
    const entries = ['Single', 'Single (all cores)', 'DP', 'DDP'].map((title) => ({
      title,
      colour: '#000000',
      sample: 'fill' as const,
    }))
    const rows = (width: number) => placeLegend(entries, width).placed.map(({ row }) => row)
    expect(rows(600)).toEqual([0, 0, 0, 0])
    expect(rows(200)).toEqual([0, 0, 1, 1])
    expect(placeLegend(entries, 200).height).toBe(2 * placeLegend(entries, 600).height)
  })

  it('leaves room for a chart beside any name', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (title) => {
        expect(textWidth(sideTitle(title, 500, 10), 10)).toBeLessThanOrEqual(200)
      }),
    )
    expect(sideTitle('DDP x2', 500, 10)).toBe('DDP x2')
    expect(sideTitle('a'.repeat(100), 500, 10)).toMatch(/^a+…$/)
  })
})
