import { describe, expect, it } from 'vitest'
import { measurementOf, repeatedRun, resultsOf } from '../report/run-results.fixture.js'
import type { Results } from '../results/results.js'
import { strategyResults } from '../results/strategy-results.js'
import { judgeRun } from '../validity/judge-run.js'
import { answersOf } from './answer-row.js'

function answers(run: Results) {
  const results = strategyResults(run.measurements, run.configuration)
  return answersOf(results, judgeRun(run, results).strategies)
}

describe('the answers of a run', () => {
  it('say what all of them rest on once, and what is their own with each', () => {
    const { rows, shared, bases } = answers(repeatedRun(3, ['single', 'dp', 'ddp']))

    expect(rows.map(({ title, figure, verdict }) => [title, figure, verdict])).toEqual([
      ['Single', expect.stringMatching(/^\d+ images\/s$/), ''],
      ['DP', expect.stringMatching(/^1\.\d\dx$/), 'faster'],
      ['DDP', expect.stringMatching(/^1\.\d\dx$/), 'faster'],
    ])
    expect(shared).toMatch(/^Base \d+ images\/s; 3 blocks; .*\.$/)
    expect(rows[2]?.detail).toMatch(/^95 % 1\.\d\d to 1\.\d\d/)
    expect(rows[2]?.detail).not.toContain('base ')
    expect(rows[2]?.sentence).toMatch(/^DDP on 2 CPU devices trains .*base \d+ images\/s.*\.$/)
    expect(bases).toEqual([expect.stringMatching(/^The base of every speedup is Single on 1 CPU device: /)])
  })

  it('give the reason where there is no figure', () => {
    const stopped = measurementOf('ddp', 0, { changes: { status: 'cancelled', epochs: [] } })
    const { rows, shared } = answers(
      resultsOf([measurementOf('single', 0), stopped], { status: 'cancelled' }),
    )

    expect(rows[1]).toMatchObject({ figure: 'N/A', headline: 'N/A', interval: '', detail: 'DDP stopped' })
    expect(shared).toBeNull()
  })

  it('say that there is no base where Single was not measured', () => {
    const { rows, bases } = answers(resultsOf([measurementOf('ddp', 0)]))

    expect(rows[0]?.sentence).toBe('Single, which the others are compared with, was not measured.')
    expect(bases).toEqual(['Without Single there is nothing to compare the others with.'])
  })
})
