import { notAvailable } from '../text/format.js'
import { markdownTable, markdownText } from '../text/markdown.js'
import { runLetter } from './change-text.js'
import type { RunComparison } from './compare-runs.js'
import { describeRun, differenceLegend, figuresTable, findings, nothingDiffers } from './comparison-parts.js'
import type { Difference } from './differences.js'
import type { RegressionCheck } from './regression.js'

/** Two runs side by side for a pull request: what differs first, then the figures, then what was found. */
export function comparisonMarkdown(comparison: RunComparison, check: RegressionCheck | null): string {
  const { runs, differences } = comparison
  const { head, rows } = figuresTable(comparison)
  const sections = [
    '### Tandem: two runs compared',
    runs.map((run, index) => `- **${runLetter(index)}** ${markdownText(describeRun(run))}`).join('\n'),
    differencesSection(differences),
    markdownTable(
      head,
      rows.map((row) => row.map(markdownText)),
    ),
    findings(comparison, check)
      .map((line) => `- ${markdownText(line)}`)
      .join('\n'),
  ]
  return `${sections.join('\n\n')}\n`
}

function differencesSection(differences: readonly Difference[]): string {
  if (differences.length === 0) return nothingDiffers
  const rows = differences.map(({ what, matters, values }) => [
    matters ? `**${markdownText(what)}**` : markdownText(what),
    ...values.map((value) => markdownText(value ?? notAvailable)),
  ])
  const table = markdownTable(['Differs', runLetter(0), runLetter(1)], rows)
  return `${table}\n\n${differenceLegend('in bold')}`
}
