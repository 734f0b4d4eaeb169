import { describe, expect, it } from 'vitest'
import { readResults } from './read-results.js'
import { resultsExample } from './results.fixture.js'

/** What is said of a document that is wrong. */
function problemsOf(document: unknown): string[] {
  const read = readResults('results.json', JSON.stringify(document))
  if (read.ok) throw new Error('the document was taken for results')
  return read.problems
}

describe('readResults', () => {
  it('reads what tandem run wrote', () => {
    const read = readResults('results.json', JSON.stringify(resultsExample))

    expect(read).toEqual({ ok: true, fileName: 'results.json', results: resultsExample })
  })

  it('says that a file is not JSON', () => {
    const read = readResults('photo.png', '\u0089PNG')

    expect(read).toMatchObject({ ok: false, problems: [expect.stringMatching(/^It is not JSON/)] })
  })

  it.each([[null], [7], [[]], [{}], [{ format: 'something else' }]])(
    'says that %j is not results',
    (document) => {
      expect(problemsOf(document)).toEqual([expect.stringMatching(/not results of Tandem/)])
    },
  )

  it('says which versions do not fit', () => {
    expect(problemsOf({ ...resultsExample, version: 99 })).toEqual([
      'Its format is version 99; this Tandem reads version 1.',
    ])
    expect(problemsOf({ format: 'tandem-results' })).toEqual([
      'Its format is version unknown; this Tandem reads version 1.',
    ])
  })

  it('names the field that is wrong', () => {
    const problems = problemsOf({
      ...resultsExample,
      configuration: { ...resultsExample.configuration, epochs: 0 },
    })

    expect(problems).toEqual([expect.stringMatching(/^configuration\.epochs: /)])
  })

  it('stops after a few of many problems', () => {
    const problems = problemsOf({ format: 'tandem-results', version: 1 })

    expect(problems).toHaveLength(6)
    expect(problems.at(-1)).toMatch(/^and \d+ more$/)
  })
})
