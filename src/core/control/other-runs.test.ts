import { hostname } from 'node:os'
import { describe, expect, it } from 'vitest'
import { emptyLabel, type HistoryEntry } from '../../shared/results/history-entry.js'
import { summariseRun } from '../../shared/run/run-summary.js'
import { measuredResults } from '../results/measured-results.fixture.js'
import { OtherRuns } from './other-runs.js'

const hourMs = 3_600_000

/** A run of this machine that ended so long from now, as the clock had it. */
function run(runId: string, endsInMs: number | null, changes: Partial<HistoryEntry> = {}): HistoryEntry {
  const finishedAt = endsInMs === null ? null : new Date(Date.now() + endsInMs).toISOString()
  const status: HistoryEntry['status'] = finishedAt === null ? 'running' : 'complete'
  const summary = { ...summariseRun(measuredResults()), runId, status, finishedAt, hostName: hostname() }
  return { ...summary, label: emptyLabel, imported: null, isBaseline: false, remark: null, ...changes }
}

async function found(...lists: HistoryEntry[][]): Promise<string[]> {
  let index = 0
  const others = new OtherRuns({ list: async () => lists[index++] ?? [] }, 'own')
  let texts: string[] = []
  for (const _ of lists) texts = (await others.find()).map(({ text }) => text.split(' ')[1] ?? '')
  return texts
}

describe('other runs of this machine', () => {
  it('are those under way, and those that were since it was first looked', async () => {
    expect(await found([run('a', null), run('own', null)])).toEqual(['a'])
    expect(await found([run('a', null)], [run('a', 1_000), run('b', 1_000), run('own', null)])).toEqual([
      'a',
      'b',
    ])
  })

  it('are not those that had ended, also where the clock was put back by a day since', async () => {
    const ended = [run('a', -hourMs), run('b', 24 * hourMs)]
    expect(await found(ended, ended)).toEqual([])
  })

  it('are not runs of other machines, nor what came as a file', async () => {
    const imported = { importedAt: new Date().toISOString(), fileName: 'results.json' }
    const later = [run('a', 1_000, { hostName: 'elsewhere' }), run('b', 1_000, { imported })]
    expect(await found([], later)).toEqual([])
  })
})
