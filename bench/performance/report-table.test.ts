import { describe, expect, it } from 'vitest'
import type { Evaluation } from './evaluate.js'
import { findingCells, findingLines, formatValue } from './report-table.js'
import type { Finding } from './suite.js'

const finding: Finding = {
  section: 'single',
  title: 'fp32: Tandem over PyTorch',
  group: 'fp32',
  unit: 'ratio',
  bar: { atLeast: 1.05 },
  value: { kind: 'figure', of: { caseId: '', figure: '' } },
}
const evaluation: Evaluation = {
  finding,
  value: 1.128,
  low: 1.1,
  high: 1.151,
  blocks: 7,
  reached: true,
  inDoubt: false,
}

describe('a row of the table', () => {
  it('has value, interval, blocks, bar and verdict', () => {
    expect(findingCells(evaluation)).toEqual([
      'fp32: Tandem over PyTorch',
      '1.13x',
      '1.10x to 1.15x',
      '7',
      '>= 1.05x',
      'reached',
    ])
  })

  it('says that one block has no interval, and what was not measured', () => {
    const once = { ...evaluation, low: null, high: null, blocks: 1, reached: false, inDoubt: true }
    expect(findingCells(once).slice(2)).toEqual(['none', '1', '>= 1.05x', 'missed, in doubt'])
    const never = { ...once, value: null, blocks: 0, reached: null, inDoubt: false }
    expect(findingCells(never).slice(1)).toEqual(['N/A', 'N/A', '0', '>= 1.05x', ''])
  })
})

describe('the table', () => {
  it('has each section once, its title above its findings', () => {
    const memory: Evaluation = {
      ...evaluation,
      finding: { ...finding, section: 'memory', title: 'fp32: Tandem', unit: 'bytes', bar: null },
      value: 900 * 2 ** 20,
      low: null,
      high: null,
      reached: null,
      inDoubt: false,
    }
    const lines = findingLines([evaluation, evaluation, memory])
    const places = ['Single, one core', 'Resident memory, at its peak', '900.0 MiB'].map((text) =>
      lines.filter((line) => line.includes(text)),
    )
    expect(places.map(({ length }) => length)).toEqual([1, 1, 1])
  })
})

describe('figures', () => {
  it('stand with their units', () => {
    expect([
      formatValue(0.9214, 'share'),
      formatValue(-0.021, 'percentage points'),
      formatValue(0.6512, 'ms'),
      formatValue(1234.5, 'ms'),
      formatValue(20_131.7, 'images/s'),
    ]).toEqual(['92.1 %', '-2.1 points', '0.651 ms', '1,235 ms', '20,132 images/s'])
  })
})
