// @vitest-environment happy-dom

import { act } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { beforeAll, describe, expect, it } from 'vitest'
import { ReportPage } from '../../../report/report-page.js'
import { reportOf } from '../../../shared/report/report.js'
import type { Results } from '../../../shared/results/results.js'
import { configurationOf } from '../../../shared/script/script-configuration.js'
import { exampleResults } from '../../test-support/example-run.js'
import { readText, renderPage, textsOf } from '../../test-support/render-page.js'
import { ResultsScreen } from './results-screen.js'

let example: Results
let page: HTMLElement
let report: HTMLElement

beforeAll(async () => {
  example = await exampleResults()
  page = await renderPage(example, <ResultsScreen runId={example.runId} />)
  report = document.createElement('div')
  report.innerHTML = renderToStaticMarkup(
    <ReportPage report={reportOf({ results: example, run: null, owner: null })} />,
  )
})

/** What the page's chart says of each of its marks. */
function marksOf(title: string): string[] {
  const chart = page.querySelector(`svg[aria-label="${title}"]`)
  return [...(chart?.querySelectorAll('[role=img]') ?? [])].map(
    (mark) => mark.getAttribute('aria-label') ?? '',
  )
}

/** What the report's chart of that name says of itself. */
function descriptionOf(title: string): string {
  const chart = [...report.querySelectorAll('svg')].find(
    (svg) => svg.querySelector('title')?.textContent === title,
  )
  return chart?.querySelector('desc')?.textContent ?? ''
}

describe('Results of the example run, beside its report', () => {
  it.each(['Speedup over Single', 'Mean epoch time', 'Efficiency'])('draws the same bars: %s', (title) => {
    expect(marksOf(title).length).toBeGreaterThanOrEqual(3)
    expect(marksOf(title).join('; ')).toBe(descriptionOf(title))
  })

  it('draws the same waterfall', () => {
    const title = 'From the ideal to the measured step of DDP'
    expect(marksOf(title).length).toBeGreaterThan(4)
    expect(marksOf(title).join('; ')).toBe(descriptionOf(title))
  })

  it('speaks of a script’s samples, and of no images', async () => {
    const script = {
      ...{ command: ['python', 'train.py'], folder: '/project', worlds: [1, 2], launcher: 'tandem' as const },
      ...{ steps: 40, warmUpSteps: 5, perDeviceBatch: null, globalBatch: null, startSeconds: 600 },
      isInScratch: false,
    }
    const configuration = configurationOf(script, { repeats: 3, seed: 0, deviceKind: 'cpu' })
    const shown = await renderPage({ ...example, configuration }, <ResultsScreen runId={example.runId} />)
    expect(shown.textContent).toMatch(/samples\/s/)
    expect(shown.textContent).not.toMatch(/\bimages?\b/i)
    expect(shown.textContent).not.toMatch(/learning rate|fp32|synthetic/i)
  })

  it('tells a failure once, however many repeats it ended', async () => {
    const error = { code: 'script-failed', message: 'the script failed', hint: 'Run it.' }
    const measurements = example.measurements
      .filter(({ id }) => id === 'ddp')
      .map((one) => ({ ...one, status: 'failed' as const, epochs: [], ranks: [], error }))
    const run = { ...example, status: 'failed' as const, measurements }
    const failed = await renderPage(run, <ResultsScreen runId={example.runId} />)
    const alerts = [...failed.querySelectorAll('[role="alert"]')].map(({ textContent }) => textContent)
    expect(alerts).toEqual([`DDP failed ${measurements.length} timesThe script failed. Run it.`])
    expect(failed.querySelector('h1')?.parentElement?.textContent).toMatch(/Failed$/)
  })

  it('has a script’s traceback whole', async () => {
    const details = 'Traceback (most recent call last):\n  File "train.py", line 3\nValueError: no'
    const error = { code: 'script-failed', message: 'the script failed', hint: 'Run it.', details }
    const measurements = example.measurements.map((one, index) =>
      index === 1 ? { ...one, status: 'failed' as const, error } : one,
    )
    const failed = await renderPage({ ...example, measurements }, <ResultsScreen runId={example.runId} />)
    expect([...failed.querySelectorAll('pre')].map(({ textContent }) => textContent)).toContain(details)
  })

  it('makes each chart one stop for the tab key, gone through with the arrow keys', async () => {
    const chart = page.querySelector('svg[aria-label="Speedup over Single"]')
    const marks = [...(chart?.querySelectorAll('[data-mark]') ?? [])]
    const stops = () => marks.map((mark) => mark.getAttribute('tabindex'))
    expect(stops()).toEqual(['0', '-1', '-1', '-1'])

    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowUp']) {
      const focused = marks[stops().indexOf('0')]
      const press = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
      await act(async () => focused?.dispatchEvent(press))
    }
    expect(stops()).toEqual(['-1', '0', '-1', '-1'])
  })

  it('gives the same answers', () => {
    const headlines = textsOf(report, '.answer .figure')
    const cards = [...page.querySelectorAll('[aria-label="Answers"] > li')].map((card) =>
      readText(card.textContent),
    )
    expect(cards).toHaveLength(headlines.length + 1)
    for (const [index, headline] of headlines.entries()) {
      const [speedup = ''] = /\d+\.\d+x/.exec(headline) ?? []
      expect(cards[index + 1]).toContain(speedup)
    }
    const intervals = textsOf(report, '.answer .who').flatMap(
      (text) => /interval (.+)$/.exec(text)?.[1] ?? [],
    )
    expect(intervals).toHaveLength(headlines.length)
    for (const [index, interval] of intervals.entries()) expect(cards[index + 1]).toContain(interval)
  })

  it('says of the model what the report says, and why its curves part', () => {
    const said = readText(page.textContent)
    const note = textsOf(report, 'figcaption p').find((text) => text.startsWith('Only the dots'))
    expect(note).toMatch(/Amdahl’s law fits with a serial fraction of [\d.]+ %/)
    expect(said).toContain(note)
    const why = textsOf(report, 'section > p').find((text) => text.startsWith('On 8 devices'))
    expect(why).toMatch(/Amdahl’s law says [\d.]+x, the step model [\d.]+x/)
    expect(said).toContain(why)
  })

  it('names every epoch as the report does', () => {
    const cellsOf = (place: ParentNode, heading: RegExp): string[] => {
      const table = [...place.querySelectorAll('table')].find((one) =>
        heading.test(one.querySelector('th')?.textContent ?? ''),
      )
      return table === undefined ? [] : textsOf(table, 'tbody td')
    }
    const figures = (cells: string[]) => cells.join(' ').match(/\d+\.\d+ s/g)
    const shown = figures(cellsOf(page, /^Block, epoch$/))
    expect(shown?.length).toBeGreaterThan(10)
    expect(shown).toEqual(figures(cellsOf(report, /^Block, epoch$/)))
  })
})

describe('Results of a run that was stopped', () => {
  it('draws neither bar nor dot of what did not get to its end, and says that it was stopped', async () => {
    const measurements = example.measurements
      .filter(({ block }) => block === 0)
      .map((measurement) =>
        measurement.strategy === 'ddp'
          ? {
              ...measurement,
              status: 'cancelled' as const,
              epochs: [],
              epochTimes: [],
              meanEpochSeconds: null,
              imagesPerSecond: null,
              speedup: null,
              efficiency: null,
            }
          : measurement,
      )
    const stopped: Results = { ...example, status: 'cancelled', measurements }
    const place = await renderPage(stopped, <ResultsScreen runId={stopped.runId} />)
    const row = place.querySelector('svg[aria-label="Mean epoch time"] [aria-label^="DDP"]')

    expect(row?.getAttribute('aria-label')).toBe('DDP: N/A')
    // The rect that answers to the pointer is the only one.
    expect(row?.querySelectorAll('rect, circle, path')).toHaveLength(1)
    expect(readText(place.textContent)).toContain('DDP stopped')
    expect(place.textContent).not.toContain('cancelled')
  })
})
