import { notAvailable } from '../format.js'
import { markdownTable, markdownText } from '../markdown.js'
import { runTitle } from '../run-title.js'
import {
  changeInterval,
  changeRatio,
  changeSentence,
  changeVerdict,
  runLetter,
  sideSpeedup,
  sideText,
} from './change-text.js'
import type { ComparedRunHead, RunComparison } from './compare-runs.js'
import type { Difference } from './differences.js'
import type { RegressionCheck } from './regression.js'
import { regressionLines } from './regression-text.js'

/** Two runs side by side for a pull request: what differs first, then the figures, then what was found. */
export function comparisonMarkdown(comparison: RunComparison, check: RegressionCheck | null): string {
  const { runs, differences, strategies } = comparison
  const names = { base: runLetter(0), other: runLetter(1) }
  const findings = strategies.flatMap(({ title, changes: [change] }) =>
    change === undefined ? [] : [changeSentence(title, change, names)],
  )
  const sections = [
    '### Tandem: two runs compared',
    runs.map((run, index) => `- **${runLetter(index)}** ${describeRun(run)}`).join('\n'),
    differencesSection(differences),
    figuresTable(comparison),
    [...findings, ...(check === null ? [] : regressionLines(check))]
      .map((line) => `- ${markdownText(line)}`)
      .join('\n'),
  ]
  return `${sections.join('\n\n')}\n`
}

function describeRun(run: ComparedRunHead): string {
  const { runId, name, hostName, startedAt, isComplete } = run
  const title = name === null ? runTitle(run) : `${name} (${runTitle(run)})`
  const end = isComplete ? '' : ', not complete'
  return markdownText(`${title} on ${hostName}, ${startedAt.slice(0, 10)}, run ${runId}${end}`)
}

function differencesSection(differences: readonly Difference[]): string {
  if (differences.length === 0) return 'Settings and machine are the same.'
  const rows = differences.map(({ what, matters, values }) => [
    matters ? `**${markdownText(what)}**` : markdownText(what),
    ...values.map((value) => markdownText(value ?? notAvailable)),
  ])
  const table = markdownTable(['Differs', runLetter(0), runLetter(1)], rows)
  return `${table}\n\nImages/s can differ for what is in bold.`
}

function figuresTable({ strategies }: RunComparison): string {
  const [a, b] = [runLetter(0), runLetter(1)]
  const head = ['Strategy', a, b, `${b} / ${a}`, '95 %', `Speedup ${a}`, `Speedup ${b}`, 'Verdict']
  const rows = strategies.flatMap(({ id, title, sides: [base, other], changes: [change] }) => {
    if (base === undefined || other === undefined || change === undefined) return []
    return [
      [
        title,
        sideText(base),
        sideText(other),
        changeRatio(change),
        changeInterval(change),
        sideSpeedup(id, base),
        sideSpeedup(id, other),
        changeVerdict(change),
      ].map(markdownText),
    ]
  })
  return markdownTable(head, rows)
}
