import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linesOf } from './lines.js'

async function* pieces(parts: readonly string[]): AsyncGenerator<string> {
  yield* parts
}

async function lines(parts: readonly string[], longest = 1_000): Promise<string[]> {
  const all: string[] = []
  for await (const line of linesOf(pieces(parts), longest)) all.push(line)
  return all
}

describe('the lines of a text', () => {
  it('are the same however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.stringMatching(/^[a\n\r]{0,6}$/)), async (parts) => {
        const expected = parts.join('').split('\n')
        if (expected.at(-1) === '') expected.pop()
        expect(await lines(parts)).toEqual(expected.map((line) => line.replace(/\r$/, '')))
      }),
    )
  })

  it('leave out one that is too long, and go on after it', async () => {
    expect(await lines(['one\ntw', 'ooooooooo', 'oooo', 'o\nthree\nfoo', 'oooooour'], 6)).toEqual([
      'one',
      'three',
    ])
  })
})
