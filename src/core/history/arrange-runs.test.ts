import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { historyColumnIds, historyColumns } from '../../shared/history-columns.js'
import { repeatedRun } from '../../shared/report/run-results.fixture.js'
import type { HistoryEntry } from '../../shared/results/history-entry.js'
import { summariseRun } from '../../shared/run/run-summary.js'
import { arrangeRuns, columnChoices } from './arrange-runs.js'

const summary = summariseRun(repeatedRun(3))

function entry(runId: string, changes: Partial<HistoryEntry> = {}): HistoryEntry {
  const label = { name: null, notes: '' }
  return { ...summary, runId, label, imported: null, isBaseline: false, remark: null, ...changes }
}

/** As an older Tandem has written it, without batches, repeats and intervals. */
const old = entry('old', {
  measurements: summary.measurements.map((measured) => ({
    ...measured,
    globalBatchSize: null,
    repeats: null,
    interval: null,
    speedup: null,
  })),
})
const withRepeats = (runId: string, repeats: number): HistoryEntry =>
  entry(runId, { measurements: summary.measurements.map((measured) => ({ ...measured, repeats })) })

const ids = (runs: readonly HistoryEntry[]): string[] => runs.map(({ runId }) => runId)

describe('the columns of the history', () => {
  it('tell runs of one benchmark apart', () => {
    const texts = historyColumnIds.map((id) => historyColumns[id].text(entry('a')))
    expect(texts).toEqual([
      'Notebook: ResNet-18 on CIFAR-10',
      'workstation',
      'Complete',
      expect.stringMatching(/^(Valid|Unreliable)/),
      expect.stringMatching(/^\d[\d,]*( to [\d,]+)?$/),
      '2 CPU',
      '3',
      expect.stringMatching(/ images\/s$/),
      expect.stringMatching(/^1\.\d\dx 1\.\d+ to 1\.\d+$/),
      expect.stringMatching(/^1\.\d\dx 1\.\d+ to 1\.\d+$/),
    ])
  })

  it('say what they can of older entries', () => {
    expect(historyColumns.batch.text(old)).not.toBe('')
    expect(historyColumns.repeats.text(old)).toBe(String(summary.configuration.repeats))
    expect(historyColumns.dp.text(old)).toBe('N/A')
  })

  it('call a run that someone has stopped by that word', () => {
    expect(historyColumns.state.text(entry('a', { status: 'cancelled' }))).toBe('Stopped')
  })
})

describe('the list', () => {
  it('comes as it is, unless it is sorted', () => {
    const runs = [withRepeats('b', 10), withRepeats('a', 3)]
    expect(ids(arrangeRuns(runs, { search: '' }))).toEqual(['b', 'a'])
  })

  it('is sorted by numbers as numbers, either way; what is not known is last', () => {
    const runs = [withRepeats('three', 3), withRepeats('ten', 10), withRepeats('one', 1)]
    const by = (isDescending: boolean) => ({ search: '', sort: { column: 'repeats' as const, isDescending } })
    expect(ids(arrangeRuns(runs, by(false)))).toEqual(['one', 'three', 'ten'])
    expect(ids(arrangeRuns(runs, by(true)))).toEqual(['ten', 'three', 'one'])
    for (const isDescending of [true, false]) {
      const sort = { column: 'ddp' as const, isDescending }
      expect(ids(arrangeRuns([old, entry('new')], { search: '', sort }))).toEqual(['new', 'old'])
    }
  })

  it('leaves what every filter and every word asks for', () => {
    const runs = [
      entry('a', { hostName: 'one' }),
      entry('b', { hostName: 'two' }),
      entry('c', { hostName: 'two', status: 'failed' }),
    ]
    const filtered = (filters: object, search = ''): string[] => ids(arrangeRuns(runs, { search, filters }))
    expect(filtered({ machine: 'two' })).toEqual(['b', 'c'])
    expect(filtered({ machine: 'two', state: 'Failed' })).toEqual(['c'])
    expect(filtered({ state: 'Failed' }, 'one')).toEqual([])
  })

  it('keeps every run exactly once, whatever it is sorted by', () => {
    const anyRun = fc.record({ repeats: fc.integer({ min: 1, max: 20 }), isOld: fc.boolean() })
    fc.assert(
      fc.property(
        fc.array(anyRun, { maxLength: 20 }),
        fc.constantFrom(...historyColumnIds),
        fc.boolean(),
        (made, column, isDescending) => {
          const runs = made.map(({ repeats, isOld }, at) =>
            isOld ? { ...old, runId: `${at}` } : withRepeats(`${at}`, repeats),
          )
          const sorted = arrangeRuns(runs, { search: '', sort: { column, isDescending } })
          expect(ids(sorted).sort()).toEqual(ids(runs).sort())
        },
      ),
    )
  })
})

describe('what there is to filter by', () => {
  it('is what stands in each column, once and in order; not figures, of which no two are alike', () => {
    const runs = [withRepeats('a', 10), withRepeats('b', 3), withRepeats('c', 3)]
    const choices = columnChoices(runs)
    expect(choices.repeats).toEqual(['3', '10'])
    expect(choices.machine).toEqual(['workstation'])
    expect(choices.ddp).toBeUndefined()
    for (const id of historyColumnIds) {
      for (const text of choices[id] ?? []) {
        expect(arrangeRuns(runs, { search: '', filters: { [id]: text } }).length).toBeGreaterThan(0)
      }
    }
  })
})
