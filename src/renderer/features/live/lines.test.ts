import { describe, expect, it } from 'vitest'
import { groupSteps, plannedMeasurement, runStarted } from '../../../shared/live/live-run.fixture.js'
import { LiveRun } from '../../../shared/live/live-run.js'
import { speedupLines, stepLines } from './lines.js'
import { stepParts } from './phases.js'
import { lineScope, meanScope, readRepeatScope } from './repeat-scope.js'

function runOf(ranks = 2): LiveRun {
  const measurements = [plannedMeasurement('single'), plannedMeasurement('dp'), plannedMeasurement('ddp')]
  const run = LiveRun.begin(runStarted(measurements))
  if (run === null) throw new Error('not begun')
  run.apply({ type: 'phase', id: 'single', phase: 'training', stepsPerEpoch: 10 })
  run.apply({ type: 'steps', id: 'single', steps: groupSteps(0, 10) })
  run.apply({ type: 'phase', id: 'ddp', phase: 'training', stepsPerEpoch: 10 })
  const lateMs = Array.from({ length: ranks }, (_, rank) => rank)
  run.apply({ type: 'steps', id: 'ddp', steps: groupSteps(0, 6, { stepMs: 50, lateMs }) })
  return run
}

const bySteps = { axis: 'steps', repeat: null } as const

describe('lines of steps', () => {
  it('are one a measurement that has steps, over step, epoch or time', () => {
    const lines = stepLines(runOf(), 'loss', bySteps, 'light')

    expect(lines.map(({ title, x }) => [title, x.length])).toEqual([
      ['Single', 10],
      ['DDP', 6],
    ])
    expect(lines[0]?.x.slice(0, 3)).toEqual([0, 1, 2])
    expect(stepLines(runOf(), 'loss', { axis: 'epochs', repeat: null }, 'light')[0]?.x.at(-1)).toBeCloseTo(1)
    expect(stepLines(runOf(), 'loss', { axis: 'seconds', repeat: null }, 'light')[0]?.x.at(-1)).toBeCloseTo(1)
  })

  it('of speedup hold every other strategy against Single', () => {
    const lines = speedupLines(runOf(), bySteps, 'light')

    expect(lines.map(({ key }) => key)).toEqual(['ddp'])
    expect(lines[0]?.y.at(-1)).toBeCloseTo(2)
  })
})

describe('a run with repeats', () => {
  function repeatedRun(): LiveRun {
    const planned = [0, 1].flatMap((block) => [
      plannedMeasurement('single', { block }),
      plannedMeasurement('ddp', { block }),
    ])
    const run = LiveRun.begin(runStarted(planned))
    if (run === null) throw new Error('not begun')
    for (const [id, stepMs] of [
      ['single', 100],
      ['ddp', 50],
      ['single#2', 120],
      ['ddp#2', 80],
    ] as const) {
      run.apply({ type: 'phase', id, phase: 'training', stepsPerEpoch: 10 })
      run.apply({ type: 'steps', id, steps: groupSteps(0, 10, { stepMs }) })
    }
    return run
  }

  it('has the latest as its lines, beside all of them', () => {
    const [, ddp] = stepLines(repeatedRun(), 'stepMs', bySteps, 'light')

    expect(ddp?.y[0]).toBe(80)
    expect(ddp?.repeats?.map(({ y }) => y[0])).toEqual([50, 80])
  })

  it('shows the one that is picked, against Single of its own block', () => {
    const second = stepLines(repeatedRun(), 'stepMs', { axis: 'steps', repeat: 0 }, 'light')
    expect(second.map(({ y }) => y[0])).toEqual([100, 50])

    const speedups = [null, 0, 1].map(
      (repeat) => speedupLines(repeatedRun(), { axis: 'steps', repeat }, 'light')[0],
    )
    const ends = [...speedups, ...(speedups[0]?.repeats ?? [])].map((line) => line?.y.at(-1)?.toFixed(3))
    expect(ends).toEqual(['1.500', '2.000', '1.500', '2.000', '1.500'])
  })

  it('has mean steps of all repeats, as its report has', () => {
    const means = (repeat: number | null) => stepParts(repeatedRun(), repeat).map(({ meanMs }) => meanMs)
    expect(means(null)).toEqual([110, 65])
    expect(means(0)).toEqual([100, 50])
  })

  it('says which repeats are shown', () => {
    const of = (picked: number | null) => readRepeatScope(repeatedRun(), picked)
    expect(lineScope(of(null))).toBe('latest repeat, band: all 2')
    expect(lineScope(of(1))).toBe('repeat 2 of 2, band: all 2')
    expect(meanScope(of(null))).toBe('all 2 repeats')
    expect(lineScope(readRepeatScope(runOf(), null))).toBeUndefined()
  })
})

describe('the shares of a step', () => {
  it('add up to the step', () => {
    const shares = stepParts(runOf(), null)

    expect(shares.map(({ id }) => id)).toEqual(['single', 'ddp'])
    for (const { meanMs, parts } of shares) {
      expect(parts.reduce((sum, { ms }) => sum + ms, 0)).toBeCloseTo(meanMs)
    }
  })
})
