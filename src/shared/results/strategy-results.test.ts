import { describe, expect, it } from 'vitest'
import type { EpochRecord } from '../child/trainer-protocol.js'
import { efficiencyFigure, speedupFigure } from '../figures/bar-figure.js'
import { plannedMeasurement } from '../live/live-run.fixture.js'
import { notebookPreset } from '../run/presets.js'
import type { RunConfiguration } from '../run/run-configuration.js'
import { answerHeadline, answerSentence } from '../statistics/answer-text.js'
import type { MeasurementSummary } from './results.js'
import { speedupEstimates, strategyResults } from './strategy-results.js'

const weak: RunConfiguration = { ...notebookPreset, scaling: 'weak', untilNarrow: false }

function epoch(seconds: number): EpochRecord {
  return { epoch: 0, loss: 2, seconds, images: 1000, steps: 10, testAccuracy: null, parameterChecksum: '' }
}

function measured(
  id: 'single' | 'dp' | 'ddp',
  block: number,
  seconds: number,
  changes: Partial<MeasurementSummary> = {},
): MeasurementSummary {
  return plannedMeasurement(id, {
    block,
    status: 'completed',
    backend: 'tensorflow',
    epochs: [epoch(seconds)],
    ...changes,
  })
}

const blocks = [
  measured('single', 0, 10),
  measured('ddp', 0, 5),
  measured('ddp', 1, 5.5),
  measured('single', 1, 11),
  measured('single', 2, 9),
  measured('ddp', 2, 4.4),
]

describe('the repeats of a run', () => {
  it('are one result a strategy, in the order of the plan', () => {
    const [single, ddp] = strategyResults(blocks, weak)

    expect(single).toMatchObject({ id: 'single', meanEpochSeconds: 10, imagesPerSecond: 100, answer: null })
    expect(ddp?.repeats.map(({ block }) => block)).toEqual([0, 1, 2])
    expect(ddp?.speedup).toBeCloseTo((2 * 2 * (9 / 4.4)) ** (1 / 3))
  })

  it('are compared within their block, so that drift of the machine does not count', () => {
    const drifting = [1, 1.5, 2].flatMap((slow, block) => [
      measured('single', block, 10 * slow),
      measured('ddp', block, 5 * slow),
    ])
    const [estimate] = speedupEstimates(drifting)

    expect(estimate?.speedup).toBeCloseTo(2)
    expect(estimate?.high).toBeCloseTo(2)
  })

  it('give an interval and a verdict', () => {
    const answer = strategyResults(blocks, weak)[1]?.answer
    if (answer == null) throw new Error('no answer')

    expect(answerHeadline(answer)).toBe('2.02x faster')
    expect(answerSentence(answer)).toMatch(
      /^DDP on 2 CPU devices trains 2\.02x faster \(95 % 1\.\d\d to 2\.\d\d\)/,
    )
  })

  it('are none with one block: no interval, no verdict', () => {
    const [, ddp] = strategyResults(blocks.slice(0, 2), weak)

    expect(ddp?.answer?.comparison).toMatchObject({ kind: 'compared', verdict: { kind: 'one-repeat' } })
  })

  it('count only blocks in which both were measured', () => {
    const missing = blocks.map((one) =>
      one.id === 'single' && one.block === 1 ? { ...one, status: 'failed' as const, epochs: [] } : one,
    )
    const [single, ddp] = strategyResults(missing, weak)

    expect(single?.status).toBe('failed')
    expect(ddp?.answer?.comparison).toMatchObject({ estimate: { blocks: 2 } })
  })

  it('are not compared over engines or kinds of device', () => {
    const onWasm = [measured('single', 0, 10), measured('ddp', 0, 5, { backend: 'wasm' })]

    expect(strategyResults(onWasm, weak)[1]?.answer?.comparison).toEqual({
      kind: 'not-comparable',
      reason: 'it ran on wasm, Single on tensorflow',
    })
  })
})

describe('the figures of a run', () => {
  it('of speedup hold bars with intervals, and every repeat as a dot, against the ideal', () => {
    const { bars, line } = speedupFigure(strategyResults(blocks, weak), new Set(['ddp']))

    expect(line).toEqual({ at: 2, title: 'ideal 2x' })
    expect(bars[0]).toMatchObject({ id: 'single', value: 1, dots: [], isUnreliable: false })
    expect(bars.find(({ id }) => id === 'ddp')?.isUnreliable ?? true).toBe(true)
    expect(bars[1]?.dots).toEqual([2, 2, 9 / 4.4])
    expect(bars[1]?.interval?.low).toBeLessThan(bars[1]?.value as number)
  })

  it('of efficiency are those of speedup over devices', () => {
    const results = strategyResults(blocks, weak)
    const [efficiency] = efficiencyFigure(results, new Set()).bars

    expect(efficiency?.value).toBeCloseTo((speedupFigure(results, new Set()).bars[1]?.value as number) / 2)
    expect(efficiency?.dots[0]).toBe(1)
  })
})
