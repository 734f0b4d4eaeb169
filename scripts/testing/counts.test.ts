import { describe, expect, it } from 'vitest'
import { countsLine, judgeVitest, oneFailed, onePassed, total } from './counts.mjs'

const threePassed = { passed: 3, failed: 0, skipped: 0, skipReasons: [] }

describe('total', () => {
  it('adds up, and names each reason once', () => {
    const skipped = { passed: 0, failed: 0, skipped: 1, skipReasons: ['no TensorFlow'] }

    expect(total([onePassed, oneFailed, skipped, skipped])).toEqual({
      passed: 1,
      failed: 1,
      skipped: 2,
      skipReasons: ['no TensorFlow'],
    })
  })
})

describe('judgeVitest', () => {
  it('believes a run that passed', () => {
    expect(judgeVitest(threePassed, 0)).toEqual(threePassed)
  })

  it('counts failed tests once', () => {
    const reported = { ...threePassed, failed: 2 }

    expect(judgeVitest(reported, 1)).toEqual(reported)
  })

  it.each([
    ['ended before it reported', null, 1],
    ['failed without a failed test', threePassed, 1],
    ['ran no test', { passed: 0, failed: 0, skipped: 0, skipReasons: [] }, 0],
    ['skipped every test', { passed: 0, failed: 0, skipped: 5, skipReasons: [] }, 0],
  ])('counts a run that %s as a failure', (_, reported, exitCode) => {
    expect(judgeVitest(reported, exitCode).failed).toBe(1)
  })
})

describe('countsLine', () => {
  it('is the last line of npm test', () => {
    expect(countsLine({ passed: 12, failed: 0, skipped: 3, skipReasons: [] })).toBe(
      '12 passed, 0 failed, 3 skipped',
    )
  })
})
