import fc from 'fast-check'
import { marked } from 'marked'
import { describe, expect, it } from 'vitest'
import { markdownTable, markdownText } from './markdown.js'

/** The HTML that a forge would make of it, but for comments, which nobody sees. */
function render(markdown: string): string {
  return (marked.parse(markdown, { async: false }) as string).replaceAll('<!-- -->', '').trim()
}

/** What a reader sees of HTML without tags. */
function decode(html: string): string {
  return html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}

const oneLine = (parts: readonly string[]): string => parts.join('').replaceAll(/\s+/g, ' ').trim()

const words = () =>
  fc.array(
    fc.constantFrom(
      ...'*_`~[]()<>!#|\\$&@-+=.:/"\'',
      ...['a', 'b', '1', ' ', '\n', 'www.', 'https://a.example', '<b>', '&amp;', '![x](y)', '```', '---'],
    ),
    { maxLength: 14 },
  )

describe('text of others in Markdown', () => {
  it.each([
    ['<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)&gt;'],
    ['[free](https://a.example)', '\\[free\\](https:<!-- -->//a.example)'],
    ['a | b', 'a \\| b'],
    ['@team, see #5', '@<!-- -->team, see \\#<!-- -->5'],
    ['two\nlines', 'two lines'],
    ['a\u0000b \u001b]0;title\u0007\u202ec', 'ab \\]0;titlec'],
    ['1. item', '1\\. item'],
    ['AMD EPYC-Milan (x64) 2.0x', 'AMD EPYC-Milan (x64) 2.0x'],
  ])('%j is written %j', (text, markdown) => {
    expect(markdownText(text)).toBe(markdown)
  })

  it('is read as it was written, as one paragraph without any mark-up', () => {
    fc.assert(
      fc.property(words(), (parts) => {
        fc.pre(oneLine(parts) !== '')
        const [, read] = render(markdownText(parts.join(''))).match(/^<p>([^<]*)<\/p>$/) ?? []
        expect(decode(read ?? 'not one paragraph')).toBe(oneLine(parts))
      }),
      { numRuns: 500 },
    )
  })

  it('stays in its cell', () => {
    fc.assert(
      fc.property(words(), words(), (one, other) => {
        const cells = [one.join(''), other.join('')]
        const html = render(markdownTable(['A', 'B'], [cells.map(markdownText)]))
        const read = [...html.matchAll(/<td>([^<]*)<\/td>/g)].map(([, cell]) => decode(cell as string))
        expect(read).toEqual([oneLine(one), oneLine(other)])
      }),
      { numRuns: 300 },
    )
  })
})
