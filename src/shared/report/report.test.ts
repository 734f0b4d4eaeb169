import { describe, expect, it } from 'vitest'
import { formatPercent } from '../text/format.js'
import { reportOf } from './report.js'
import { measurementOf, repeatedRun, resultsOf } from './run-results.fixture.js'

const source = { run: null, owner: null }

describe('a report', () => {
  it('derives what it shows once, in the order of the plan', () => {
    const report = reportOf({ ...source, results: repeatedRun(3) })

    expect(report.title).toBe('Notebook: ResNet-18 on CIFAR-10')
    expect(report.results.map(({ id }) => id)).toEqual(['single', 'single-all-cores', 'dp', 'ddp'])
    expect(report.waterfalls.map(({ id }) => id)).toEqual(['single-all-cores', 'dp', 'ddp'])
    expect(report.speedup.bars.map(({ dots }) => dots.length)).toEqual([0, 3, 3, 3])
    expect(report.curves.loss).toHaveLength(4)
    expect(report.deviceUse).toBeNull()
    expect(report.command.line).toBe('npx --no tandem run --preset notebook --repeats 3')
    expect(JSON.parse(JSON.stringify(report))).toEqual(report)
  })

  it('says where the time of a step goes, so that it adds up', () => {
    const { stepTimes } = reportOf({ ...source, results: repeatedRun(2) })
    expect(stepTimes.map(({ steps }) => steps)).toEqual([20, 20, 20, 20])
    for (const { meanMs, parts } of stepTimes) {
      expect(parts.reduce((sum, { ms }) => sum + ms, 0)).toBeCloseTo(meanMs)
    }
    const ddp = stepTimes[3]
    expect(ddp?.parts.map(({ ms }) => formatPercent(ms / (ddp?.meanMs ?? 1)))).toEqual([
      '2.0 %',
      '70.0 %',
      '17.0 %',
      '10.0 %',
      '1.0 %',
    ])
  })

  it('of a run that measured nothing has nothing to show, and says so', () => {
    const report = reportOf({ ...source, results: resultsOf([], { status: 'incomplete', finishedAt: null }) })
    expect(report).toMatchObject({ results: [], waterfalls: [], limits: [], stepTimes: [] })
    expect(report.standing.kind).toBe('unfinished')
  })
})

describe('how far a run got', () => {
  const standing = (changes: Parameters<typeof resultsOf>[1], owner: 'running' | 'gone' | null = null) => {
    const failed = measurementOf('ddp', 0, {
      changes: {
        status: 'failed',
        error: {
          code: 'trainer-crashed',
          message: 'DDP rank 1 failed with exit code 3',
          hint: 'See its log.',
        },
      },
    })
    const results = resultsOf([measurementOf('single', 0), failed], changes)
    return reportOf({ results, run: null, owner }).standing
  }

  it('is said for everything but a complete run', () => {
    expect(standing({ status: 'complete' }).explanation).toBeNull()
    expect(standing({ status: 'failed' })).toMatchObject({
      kind: 'failed',
      explanation: 'Part of this run failed; figures rest on the rest. 1 measurement of 2 completed.',
      problems: [{ id: 'ddp', title: 'DDP', text: 'DDP rank 1 failed with exit code 3. See its log.' }],
    })
    expect(standing({ status: 'cancelled' }).kind).toBe('stopped')
  })

  it('is told apart by its owner where it has not finished', () => {
    expect(standing({ status: 'incomplete' }, 'running').kind).toBe('running')
    expect(standing({ status: 'incomplete' }, 'gone').kind).toBe('interrupted')
    expect(standing({ status: 'incomplete' }, null).kind).toBe('unfinished')
  })
})
