import { describe, expect, it } from 'vitest'
import type { BarFigure } from '../shared/figures/bar-figure.js'
import type { LimitPoint } from '../shared/limits/limit-curves.js'
import { barsModel } from './bars-model.js'
import { limitsModel } from './limits-model.js'
import { phasesModel } from './phases-model.js'
import { waterfallModel } from './waterfall-model.js'

function figureOf(value: number | null, high: number): BarFigure {
  const interval = value === null ? null : { low: 0.5, high, text: `0.50 to ${high}` }
  const text = value === null ? 'N/A' : `${value}x`
  const dots = value === null ? [] : [value - 0.1, value + 0.1]
  const bar = { id: 'ddp', title: 'DDP', value, text, interval, dots, isUnreliable: false }
  return { title: 'Speedup', axisTitle: 'times Single', unit: 'times', bars: [bar], line: null }
}

describe('bars', () => {
  it('end their axis beyond what was measured, and cut an interval off that would fill it', () => {
    const whole = barsModel(figureOf(1, 1.5), true)
    expect(whole.axis.to).toBeCloseTo(1.53)
    expect(whole.rows[0]?.whisker).toEqual({ low: 0.5, high: 1.5, isCut: false })

    const wide = barsModel(figureOf(1, 40), true)
    expect(wide.axis.to).toBeCloseTo(2.244)
    expect(wide.rows[0]?.whisker).toMatchObject({ low: 0.5, isCut: true })
    expect(wide.rows[0]?.label).toBe('1x (0.50 to 40)')
    expect(barsModel(figureOf(1, 40), false).rows[0]).toMatchObject({
      label: '1x',
      description: 'DDP: 1x (0.50 to 40), 2 runs',
    })
  })

  it('of what was not measured have neither bar nor dots, on an axis that is there', () => {
    const { rows, axis } = barsModel(figureOf(null, 0), true)
    expect(rows[0]).toMatchObject({ value: null, whisker: null, dots: [], label: 'N/A' })
    expect(axis).toEqual({ from: 0, to: 1 })
  })
})

describe('a waterfall', () => {
  const bar = (msPerStep: number) => ({
    name: 'compute' as const,
    title: `changes by ${msPerStep}`,
    msPerStep,
    shareOfIdeal: msPerStep / 10,
  })

  it('goes below 0 where a reason outweighs what came before it', () => {
    const { rows, axis } = waterfallModel({
      id: 'dp',
      title: 'DP',
      waterfall: { idealMs: 10, measuredMs: 12, bars: [bar(-14), bar(16)] },
    })
    expect(axis).toEqual({ from: -4, to: 12 })
    expect(rows.map(({ amount, kind }) => [amount, kind])).toEqual([
      ['10.0', 'total'],
      ['−14.0', 'less'],
      ['+16.0', 'more'],
      ['12.0', 'total'],
    ])
  })

  it('gives what rounds to nothing no sign', () => {
    const { rows } = waterfallModel({
      id: 'dp',
      title: 'DP',
      waterfall: { idealMs: 10, measuredMs: 10, bars: [bar(-0.04), bar(0.04)] },
    })
    expect(rows.map(({ amount }) => amount)).toEqual(['10.0', '0.0', '0.0', '10.0'])
  })
})

it('the parts of a step lie end to end', () => {
  const parts = [
    { name: 'computeMs' as const, title: 'Forward and backward', ms: 30 },
    { name: 'other' as const, title: 'Between them', ms: 12 },
  ]
  const { rows, axis } = phasesModel([{ id: 'dp', title: 'DP', meanMs: 42, parts }])
  expect(axis).toEqual({ from: 0, to: 42 })
  expect(rows[0]?.parts.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
    [0, 30],
    [30, 42],
  ])
  expect(rows[0]?.label).toBe('42.0 ms')
})

describe('limits', () => {
  const limit = (speedup: number) => ({ speedup, efficiency: 1 })
  const points = (bound: (devices: number) => number): LimitPoint[] =>
    Array.from({ length: 8 }, (_, index) => index + 1).map((devices) => ({
      devices,
      perDeviceBatchSize: 32,
      ideal: limit(devices),
      allReduceBound: limit(bound(devices)),
      predicted: limit(devices * 0.8),
      amdahl: null,
    }))
  const measured = [{ id: 'ddp', title: 'DDP', devices: 2, speedup: 1.6 }]

  it('name a curve that coincides with another instead of hiding it', () => {
    const { curves, devices, dots } = limitsModel(
      { measured },
      points((devices) => devices),
    )
    expect(curves.map(({ title }) => title)).toEqual([
      'Ideal; the same: Bound by the all-reduce',
      'Step model',
    ])
    expect(devices).toEqual({ from: 1, to: 8, ticks: [1, 2, 4, 8] })
    expect(dots[0]?.title).toBe('DDP, measured on 2')
  })

  it('draw curves that part', () => {
    const { curves } = limitsModel(
      { measured },
      points((devices) => Math.min(devices, 5)),
    )
    expect(curves.map(({ name }) => name)).toEqual(['ideal', 'allReduceBound', 'predicted'])
  })
})
