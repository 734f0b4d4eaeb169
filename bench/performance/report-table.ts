import Table from 'cli-table3'
import { assertNever } from '../../src/shared/errors.js'
import { confidence } from '../../src/shared/statistics/speedup-estimate.js'
import {
  formatBytes,
  formatCount,
  formatInterval,
  formatRate,
  notAvailable,
} from '../../src/shared/text/format.js'
import type { Evaluation } from './evaluate.js'
import { type Bar, sectionTitles, type Unit } from './suite.js'

/** A table of findings under their sections' titles, as lines. */
export function findingLines(evaluations: readonly Evaluation[]): string[] {
  const table = new Table({
    head: ['', 'Median', `${confidence * 100} % interval`, 'Blocks', 'Bar', ''],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  })
  let section: string | null = null
  for (const evaluation of evaluations) {
    const title = sectionTitles[evaluation.finding.section]
    if (title !== section) table.push([title, '', '', '', '', ''])
    section = title
    const [name, ...cells] = findingCells(evaluation)
    table.push([`  ${name}`, ...cells])
  }
  return table.toString().split('\n')
}

/** Title, value, interval, blocks, bar, and whether it was reached. */
export function findingCells(evaluation: Evaluation): string[] {
  const { finding, value, low, high, blocks } = evaluation
  const { title, unit, bar } = finding
  const interval =
    low === null || high === null ? 'none' : formatInterval(low, high, (end) => formatValue(end, unit))
  return [
    title,
    formatValue(value, unit),
    value === null ? notAvailable : interval,
    String(blocks),
    bar === null ? '' : formatBar(bar, unit),
    verdictOf(evaluation),
  ]
}

function verdictOf({ reached, inDoubt }: Evaluation): string {
  if (reached === null) return ''
  return `${reached ? 'reached' : 'missed'}${inDoubt ? ', in doubt' : ''}`
}

/** `1.13x`, `92.1 %`, `3.2 points`, `0.65 ms`, `812.4 MiB`, `20,132 images/s` */
export function formatValue(value: number | null, unit: Unit): string {
  if (value === null) return notAvailable
  switch (unit) {
    case 'ratio':
      return `${value.toFixed(2)}x`
    case 'share':
      return `${(value * 100).toFixed(1)} %`
    case 'percentage points':
      return `${(value * 100).toFixed(1)} points`
    case 'ms':
    case 'us':
      return `${formatTime(value)} ${unit}`
    case 'bytes':
      return formatBytes(value)
    case 'images/s':
      return `${formatRate(value)} images/s`
    case 'GFLOP/s':
      return `${formatRate(value)} GFLOP/s`
    default:
      return assertNever(unit, 'unit')
  }
}

/** Three digits that count. */
function formatTime(value: number): string {
  return value >= 100 ? formatCount(value) : value.toPrecision(3)
}

function formatBar(bar: Bar, unit: Unit): string {
  return 'atLeast' in bar ? `>= ${formatValue(bar.atLeast, unit)}` : `<= ${formatValue(bar.atMost, unit)}`
}
