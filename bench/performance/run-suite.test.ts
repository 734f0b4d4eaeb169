import { describe, expect, it } from 'vitest'
import type { PlannedBlock } from './plan.js'
import type { BlockResult } from './results.js'
import { isDisturbed, remainingBlocks, runSuite, type SuiteRun } from './run-suite.js'
import type { BenchCase } from './suite.js'

const measures = (id: string, imagesPerSecond: number): BenchCase => ({
  id,
  title: id,
  cores: [0],
  measure: async () => ({ imagesPerSecond }),
})
const planned = (index: number, ...cases: BenchCase[]): PlannedBlock => ({ group: 'fp32', index, cases })
const start = (overrides: Partial<SuiteRun> = {}): SuiteRun => ({
  known: [],
  deadlineMs: Number.POSITIVE_INFINITY,
  signal: new AbortController().signal,
  tries: 4,
  watch: async (_, work) => ({ outcome: await work(), otherCores: null }),
  async untilQuiet() {},
  onCase() {},
  onDisturbed() {},
  async onBlock() {},
  ...overrides,
})

describe('running a suite', () => {
  it('keeps what each case measured, in the order of the plan', async () => {
    const blocks = await runSuite([planned(0, measures('b', 2), measures('a', 1))], start())
    expect(blocks).toEqual([
      {
        group: 'fp32',
        index: 0,
        order: ['b', 'a'],
        samples: { b: { imagesPerSecond: 2 }, a: { imagesPerSecond: 1 } },
        failures: {},
      },
    ])
  })

  it('goes on after a case that fails, and says why it did', async () => {
    const broken: BenchCase = {
      id: 'broken',
      title: 'broken',
      cores: [0],
      measure: () => Promise.reject(new Error('no torch')),
    }
    const [block] = await runSuite([planned(0, broken, measures('a', 1))], start())
    expect(block).toMatchObject({ failures: { broken: 'no torch' }, samples: { a: { imagesPerSecond: 1 } } })
  })

  it('hands over all blocks after each one', async () => {
    const counts: number[] = []
    const run = start({ onBlock: async (blocks) => void counts.push(blocks.length) })
    await runSuite([planned(0, measures('a', 1)), planned(1, measures('a', 1))], run)
    expect(counts).toEqual([1, 2])
  })

  it('drops the block in which it was stopped', async () => {
    const stop = new AbortController()
    const stops: BenchCase = {
      id: 'stops',
      title: 'stops',
      cores: [0],
      async measure() {
        stop.abort()
        return {}
      },
    }
    const plan = [planned(0, measures('a', 1)), planned(1, stops, measures('a', 1))]
    expect(await runSuite(plan, start({ signal: stop.signal }))).toHaveLength(1)
  })

  it('begins no block after its deadline', async () => {
    const run = start({ deadlineMs: performance.now() - 1 })
    expect(await runSuite([planned(0, measures('a', 1))], run)).toEqual([])
  })
})

describe('a case that other programs disturbed', () => {
  /** Other programs are busy during the first `count` cases. */
  const busyFor = (count: number): SuiteRun['watch'] => {
    let cases = 0
    return async (_, work) => ({ outcome: await work(), otherCores: cases++ < count ? 0.5 : 0.01 })
  }

  it('is measured again, whatever came out', async () => {
    const told: number[] = []
    const run = start({ watch: busyFor(2), onDisturbed: (otherCores) => void told.push(otherCores) })
    let times = 0
    const counts = { ...measures('a', 1), measure: async () => ({ imagesPerSecond: ++times }) }
    const [block] = await runSuite([planned(0, counts, measures('b', 2))], run)
    expect(told).toEqual([0.5, 0.5])
    expect(block?.samples).toEqual({
      a: { imagesPerSecond: 3, otherCores: 0.01 },
      b: { imagesPerSecond: 2, otherCores: 0.01 },
    })
  })

  it('waits for a quiet moment between tries, and only then', async () => {
    const log: string[] = []
    const logs: BenchCase = {
      ...measures('a', 1),
      async measure() {
        log.push('measured')
        return { imagesPerSecond: 1 }
      },
    }
    await runSuite(
      [planned(0, logs, measures('b', 2))],
      start({ watch: busyFor(1), untilQuiet: async () => void log.push('waited') }),
    )
    expect(log).toEqual(['measured', 'waited', 'measured'])
  })

  it('is kept at last, and known as disturbed', async () => {
    const told: number[] = []
    const watch = busyFor(Number.POSITIVE_INFINITY)
    const run = start({ watch, onDisturbed: (otherCores) => void told.push(otherCores) })
    const blocks = await runSuite([planned(0, measures('a', 1))], run)
    expect(told).toHaveLength(3)
    expect(blocks.map(isDisturbed)).toEqual([true])
  })
})

describe('continuing a suite', () => {
  const known: BlockResult = {
    group: 'fp32',
    index: 0,
    order: ['a'],
    samples: { a: { imagesPerSecond: 9 } },
    failures: {},
  }

  it('measures only what is missing', async () => {
    const plan = [planned(0, measures('a', 1)), planned(1, measures('a', 1))]
    const blocks = await runSuite(plan, start({ known: [known] }))
    expect(blocks.map(({ samples }) => samples.a?.imagesPerSecond)).toEqual([9, 1])
  })

  it('measures a block anew that now has more cases, so that all of them ran together', async () => {
    const plan = [planned(0, measures('a', 1), measures('b', 1))]
    expect(remainingBlocks(plan, [known])).toEqual(plan)
    expect(await runSuite(plan, start({ known: [known] }))).toHaveLength(1)
  })
})
