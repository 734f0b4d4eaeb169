import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { analyseRun } from '../../shared/analysis/run-analysis.js'
import { TandemError } from '../../shared/errors.js'
import { efficiencyFigure, epochTimeFigure, speedupFigure } from '../../shared/figures/bar-figure.js'
import { LiveRun } from '../../shared/live/live-run.js'
import { shownMeasurements } from '../../shared/live/shown-measurements.js'
import { type Results, withoutSteps } from '../../shared/results/results.js'
import { strategyResults } from '../../shared/results/strategy-results.js'
import { summariseRun } from '../../shared/run/run-summary.js'
import { compareRuns } from '../../shared/run-comparison/compare-runs.js'
import { comparedRun } from '../../shared/run-comparison/compared-run.js'
import { comparisonMarkdown } from '../../shared/run-comparison/comparison-markdown.js'
import { checkRegression } from '../../shared/run-comparison/regression.js'
import { answerHeadline, answerSentence } from '../../shared/statistics/answer-text.js'
import { recordingOf } from '../history/recording-from-results.js'
import { measuredResults } from './measured-results.fixture.js'
import { parseResults } from './results-file.js'

const sound = measuredResults({ blocks: 2, epochs: 1, stepsPerEpoch: 3 })

/** Everything that views show of a run, as plain data. */
function everyView(results: Results): unknown {
  const ofStrategies = strategyResults(results.measurements.map(withoutSteps), results.configuration)
  const comparison = compareRuns([comparedRun(sound), comparedRun(results, 'edited')])
  const [first, ...events] = recordingOf(results)
  const run = first === undefined ? null : LiveRun.begin(first.event)
  for (const { event } of events) run?.apply(event)
  return [
    analyseRun(results),
    ofStrategies.map(({ answer }) => answer && [answerHeadline(answer), answerSentence(answer)]),
    [epochTimeFigure, speedupFigure, efficiencyFigure].map((figure) => figure(ofStrategies, new Set())),
    summariseRun(results),
    comparison,
    comparisonMarkdown(comparison, checkRegression(comparison, 0.05)),
    run?.toSnapshot(),
    run && shownMeasurements(run).map(({ measurement }) => measurement),
  ]
}

/** Every number in it, and every text that shows one. */
function unsaid(view: unknown): unknown[] {
  if (typeof view === 'number') return Number.isFinite(view) ? [] : [view]
  if (typeof view === 'string') return /\b(NaN|Infinity|undefined)\b/.test(view) ? [view] : []
  if (typeof view !== 'object' || view === null) return []
  return Object.values(view).flatMap(unsaid)
}

/** Null for a document that is refused; anything but a TandemError is a failure of the test. */
function readEdited(text: string): Results | null {
  try {
    return parseResults(text, 'edited.json')
  } catch (thrown) {
    if (!(thrown instanceof TandemError)) throw thrown
    expect(thrown.message).toMatch(/^edited\.json (cannot be used: |has version )./)
    return null
  }
}

/** Every place in a document, as a path. */
function placesIn(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path]
  const inside = Array.isArray(value)
    ? value.flatMap((item, index) => placesIn(item, [...path, index]))
    : Object.entries(value).flatMap(([key, item]) => placesIn(item, [...path, key]))
  return [path, ...inside]
}

const places = placesIn(sound).filter((path) => path.length > 0)

const values = () =>
  fc.oneof(
    fc.jsonValue(),
    fc.integer({ min: -2, max: 5 }),
    fc.constantFrom(0, -1, 1e-300, 5e-324, 1e300, 1e12, 0.5, 2 ** 53, '', 'single', 'dp@7', null, [], {}),
  )

const edits = () =>
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('put' as const), value: values() }) },
    fc.record({ kind: fc.constant('remove' as const) }),
    fc.record({ kind: fc.constant('twice' as const) }),
    fc.record({ kind: fc.constant('scale' as const), by: fc.constantFrom(0, -1, 1e-9, 1e9, 1e200, 0.001) }),
  )

type Edit = ReturnType<typeof edits> extends fc.Arbitrary<infer Kind> ? Kind : never

/** Edits the document in place, as someone with a text editor would. */
function applyEdit(document: unknown, path: readonly (string | number)[], edit: Edit): void {
  const last = path.at(-1) as string | number
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], document)
  if (typeof parent !== 'object' || parent === null) return
  const holder = parent as Record<string | number, unknown>
  const before = holder[last]
  switch (edit.kind) {
    case 'put':
      holder[last] = edit.value
      return
    case 'remove':
      if (Array.isArray(parent)) parent.splice(Number(last), 1)
      else delete holder[last]
      return
    case 'twice':
      if (Array.isArray(parent)) parent.splice(Number(last), 0, structuredClone(before))
      return
    case 'scale':
      if (typeof before === 'number') holder[last] = before * edit.by
      return
  }
}

describe('a results file', () => {
  it('that a run wrote is read as it was written, and every view of it has its figures', () => {
    const read = readEdited(JSON.stringify(sound))
    expect(read?.measurements.map(({ epochs }) => epochs)).toEqual(
      sound.measurements.map(({ epochs }) => epochs),
    )
    expect(unsaid(everyView(read as Results))).toEqual([])
  })

  it('that someone has edited is refused by name, or every view of it has only figures that are some', () => {
    let readable = 0
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...places), edits()), { minLength: 1, maxLength: 4 }),
        (changes) => {
          const document = structuredClone(sound)
          for (const [path, edit] of changes) applyEdit(document, path, edit)
          const results = readEdited(JSON.stringify(document))
          if (results === null) return
          readable++
          expect(unsaid(everyView(results))).toEqual([])
        },
      ),
      { numRuns: 1_000 },
    )
    expect(readable).toBeGreaterThan(100)
  })

  it('with a block that its plan does not have is refused', () => {
    const [first, ...others] = sound.measurements
    const edited = { ...sound, measurements: [{ ...first, block: 1e12 }, ...others] }
    expect(() => parseResults(JSON.stringify(edited), 'edited.json')).toThrow(
      'measurements.0: block 1000000000000 of a run of 2 blocks',
    )
  })

  it('that is cut off anywhere is refused', () => {
    const text = JSON.stringify(sound)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: text.length - 1 }), (length) => {
        expect(readEdited(text.slice(0, length))).toBeNull()
      }),
    )
  })

  it('that is any other document is refused', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(readEdited(JSON.stringify(value))).toBeNull()
        expect(readEdited(JSON.stringify({ format: 'tandem-results', version: value }))).toBeNull()
      }),
    )
  })
})
