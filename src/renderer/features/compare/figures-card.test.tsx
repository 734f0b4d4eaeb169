// @vitest-environment happy-dom
import { expect, it } from 'vitest'
import type { Results } from '../../../shared/results/results.js'
import { compareRuns } from '../../../shared/run-comparison/compare-runs.js'
import { comparedRun } from '../../../shared/run-comparison/compared-run.js'
import { figuresTable, findings } from '../../../shared/run-comparison/comparison-parts.js'
import { exampleResults } from '../../test-support/example-run.js'
import { readText, renderPage, textsOf } from '../../test-support/render-page.js'
import { FiguresCard } from './figures-card.js'

/** The same run with every epoch of DDP a tenth slower. */
function slower(results: Results): Results {
  return {
    ...results,
    runId: `${results.runId.slice(0, -6)}ffffff`,
    measurements: results.measurements.map((measurement) =>
      measurement.strategy === 'ddp'
        ? {
            ...measurement,
            epochs: measurement.epochs.map((epoch) => ({ ...epoch, seconds: epoch.seconds * 1.1 })),
          }
        : measurement,
    ),
  }
}

it('the comparison of the example run with a slower one says what terminal and Markdown say', async () => {
  const example = await exampleResults()
  const comparison = compareRuns([comparedRun(example), comparedRun(slower(example))])
  const page = await renderPage(example, <FiguresCard comparison={comparison} />)

  const { head, rows } = figuresTable(comparison)
  expect(rows.length).toBeGreaterThan(2)
  const bodies = [...page.querySelectorAll('tbody')]
  const groups = bodies.map((group) => readText(group.textContent))
  const verdict = head.indexOf('Verdict')
  for (const [index, row] of rows.entries()) {
    const [title = '', , , ratio = '', interval = ''] = row
    const group = groups[index]
    for (const text of [title, ratio, interval, row[verdict] ?? '']) expect(group).toContain(text)
    // Where the terminal has words for it, the page has a mark that is called so.
    for (const speedup of row.slice(5, 7)) {
      const [figure = '', badge = ''] = speedup.split(', ')
      expect(group).toContain(figure)
      const marks = [...(bodies[index]?.querySelectorAll('[role=img]') ?? [])]
      expect(marks.map((mark) => mark.getAttribute('aria-label')?.toLowerCase()).join()).toContain(badge)
    }
  }
  expect(textsOf(page, '[aria-label="Findings"] li')).toEqual(findings(comparison, null).map(readText))
  expect(groups.some((group) => group.includes('slower'))).toBe(true)
})
