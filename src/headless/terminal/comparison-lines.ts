import Table from 'cli-table3'
import { printable } from '../../shared/printable.js'
import { runLetter } from '../../shared/run-comparison/change-text.js'
import type { RunComparison } from '../../shared/run-comparison/compare-runs.js'
import {
  describeRun,
  differenceLegend,
  figuresTable,
  findings,
  nothingDiffers,
} from '../../shared/run-comparison/comparison-parts.js'
import type { Difference } from '../../shared/run-comparison/differences.js'
import type { RegressionCheck } from '../../shared/run-comparison/regression.js'
import { notAvailable } from '../../shared/text/format.js'

/** Two runs side by side: which they are, what differs first, then the figures, then what was found. */
export function comparisonText(comparison: RunComparison, check: RegressionCheck | null): string {
  const { runs, differences } = comparison
  const { head, rows } = figuresTable(comparison)
  return [
    ...runs.map((run, index) => `${runLetter(index)}: ${printable(describeRun(run))}`),
    '',
    differencesText(differences),
    '',
    table(
      head,
      rows.map((row) => row.map(inTwoLines)),
    ),
    '',
    ...findings(comparison, check).map(printable),
  ].join('\n')
}

function differencesText(differences: readonly Difference[]): string {
  if (differences.length === 0) return nothingDiffers
  const rows = differences.map(({ what, matters, values }) => [
    matters ? `${what} *` : what,
    ...values.map((value) => printable(value ?? notAvailable)),
  ])
  const legend = differences.some(({ matters }) => matters) ? [differenceLegend('marked with *')] : []
  return [table(['Differs', runLetter(0), runLetter(1)], rows), ...legend].join('\n')
}

/** A figure, and below it what it rests on: side by side they would be wider than most terminals. */
function inTwoLines(cell: string): string {
  return printable(cell).replace(/^(\S+ \S+\/s), |^(\S+x) (?=\()/, '$1$2\n')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const drawn = new Table({ head: [...head], style: { head: [], border: [], compact: true } })
  drawn.push(...rows.map((row) => [...row]))
  return drawn.toString()
}
