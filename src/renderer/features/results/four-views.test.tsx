import { MantineProvider } from '@mantine/core'
import { Window } from 'happy-dom'
import picocolors from 'picocolors'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { runMarkdown } from '../../../core/export/markdown/run-markdown.js'
import { summaryLines } from '../../../headless/terminal/summary-text.js'
import { renderReport } from '../../../report/render-report.js'
import { reportOf } from '../../../shared/report/report.js'
import type { Results } from '../../../shared/results/results.js'
import { strategyResults } from '../../../shared/results/strategy-results.js'
import { exampleResults, followed } from '../../test-support/example-run.js'
import { SummaryTable } from './summary-table.js'

const results = await exampleResults()

/** As a file that was put together elsewhere might be: its measurements in no order at all. */
const shuffled: Results = { ...results, measurements: [...results.measurements].reverse() }

/** A table as text: what stands under each heading, by the first cell of a row. */
type Table = Map<string, Map<string, string>>

function tableOf(rows: readonly (readonly string[])[]): Table {
  const [head = [], ...body] = rows.map((row) => row.map((cell) => cell.replaceAll(/\s+/g, ' ').trim()))
  return new Map(
    body.map(([title = '', ...cells]) => [
      title,
      new Map(cells.map((cell, at) => [head[at + 1] ?? '', cell])),
    ]),
  )
}

/** All tables of a page that have a row a strategy, as one. */
function tablesIn(html: string): Table {
  const { document } = new Window()
  document.write(html)
  const all: Table = new Map()
  for (const table of document.querySelectorAll('table')) {
    const rows = [...table.querySelectorAll('tr')].map((row) =>
      [...row.querySelectorAll('th, td')].map((cell) => cell.textContent ?? ''),
    )
    if (rows[0]?.[0]?.trim() !== 'Strategy') continue
    for (const [title, cells] of tableOf(rows)) all.set(title, new Map([...(all.get(title) ?? []), ...cells]))
  }
  return all
}

/** The dashboard has the run folded from its recording, as an import makes it. */
function dashboard(run: Results): Table {
  const { measurements, configuration } = followed(run).head
  return tablesIn(
    renderToStaticMarkup(
      <MantineProvider>
        <SummaryTable results={strategyResults(measurements, configuration)} unreliable={new Set()} />
      </MantineProvider>,
    ),
  )
}

async function report(run: Results): Promise<Table> {
  return tablesIn(await renderReport(reportOf({ results: run, run: null, owner: null })))
}

function terminal(run: Results): Table {
  const lines = summaryLines(run, picocolors.createColors(false))
  return tableOf(lines.filter((line) => line.startsWith('│')).map((line) => line.split('│').slice(1, -1)))
}

function markdown(run: Results): Table {
  const rows = runMarkdown(run, null)
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
  const plain = (cell: string): string => cell.replaceAll(/\\(.)/g, '$1')
  return tableOf(rows.map((row) => row.split(' | ').map((cell) => plain(cell.replaceAll(/^\| | \|$/g, '')))))
}

/** One name a figure, whatever a view's heading is. */
const headings: Record<string, string[]> = {
  meanEpoch: ['Mean epoch'],
  speedup: ['Speedup'],
  interval: ['95 % interval'],
  efficiency: ['Efficiency'],
  warmUp: ['Warm-up'],
  devices: ['Devices'],
}

function figuresOf(table: Table): Record<string, Record<string, string>> {
  const figures = [...table].map(([title, cells]) => {
    const own = Object.entries(headings).flatMap(([figure, names]) => {
      const name = names.find((one) => cells.has(one))
      return name === undefined ? [] : [[figure, (cells.get(name) ?? '').replace(/ \(unreliable\)$/, '')]]
    })
    return [title.replace(/ ?Unreliable.*$/, ''), Object.fromEntries(own)]
  })
  return Object.fromEntries(figures)
}

describe.each([
  ['the example run', results],
  ['an imported run, in no order', shuffled],
])('the figures of %s', (_, run) => {
  it('are the same on the dashboard, in the report, on the terminal and in Markdown', async () => {
    const shown = figuresOf(dashboard(run))
    expect(Object.keys(shown).length).toBeGreaterThan(2)
    for (const other of [await report(run), terminal(run), markdown(run)]) {
      const figures = figuresOf(other)
      expect(Object.keys(figures)).toEqual(Object.keys(shown))
      for (const [title, own] of Object.entries(figures)) {
        expect(Object.keys(own).length).toBeGreaterThanOrEqual(4)
        expect(shown[title]).toMatchObject(own)
      }
    }
  })

  it('name strategies in the order of their table', () => {
    expect(Object.keys(figuresOf(dashboard(run)))).toEqual(Object.keys(figuresOf(dashboard(results))))
  })
})
