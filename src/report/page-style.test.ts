import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cssString } from './page-style.js'

describe('a text as CSS writes it', () => {
  it('is read back as that text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const written = cssString(text)
        const inner = written.slice(1, -1)
        expect(inner).not.toMatch(/["<\n]/)
        const read = inner.replaceAll(/\\([0-9a-f]{1,6}) /g, (_, code) =>
          String.fromCodePoint(Number.parseInt(code, 16)),
        )
        expect(read).toBe(text)
      }),
    )
  })

  it('leaves ordinary text legible', () => {
    expect(cssString('Quick: ResNet-18, run 20260131-142530-9f3a1c')).toBe(
      '"Quick: ResNet-18, run 20260131-142530-9f3a1c"',
    )
    expect(cssString('</style>"')).toBe(String.raw`"\3c /style\3e \22 "`)
  })
})
