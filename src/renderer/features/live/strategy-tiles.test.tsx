// @vitest-environment happy-dom
import { beforeAll, describe, expect, it } from 'vitest'
import { phasesModel } from '../../../charts/phases-model.js'
import { strategyRows } from '../../../shared/figures/strategy-row.js'
import { reportOf } from '../../../shared/report/report.js'
import type { Results } from '../../../shared/results/results.js'
import { summarise } from '../../../shared/results/summary.js'
import { formatSpeedup } from '../../../shared/text/format.js'
import { RunView } from '../../state/run-view.js'
import { exampleResults, followed } from '../../test-support/example-run.js'
import { readText, renderPage } from '../../test-support/render-page.js'
import { stepParts } from './phases.js'
import { StrategyTiles } from './strategy-tiles.js'

let example: Results
beforeAll(async () => {
  example = await exampleResults()
})

/** What each tile says, by the name of its strategy. */
async function tilesOf(
  repeat: number | null,
): Promise<{ title: string; figures: Record<string, string>; text: string }[]> {
  const view = new RunView(followed(example))
  const page = await renderPage(example, <StrategyTiles view={view} repeat={repeat} />)
  return [...page.querySelectorAll('[aria-label="Strategies"] > li')].map((tile) => {
    const [names, values] = ['dt', 'dd'].map((cell) =>
      [...tile.querySelectorAll(cell)].map((element) => readText(element.textContent)),
    )
    const figures = Object.fromEntries((names ?? []).map((name, index) => [name, values?.[index] ?? '']))
    return {
      title: readText(tile.querySelector('span')?.textContent ?? ''),
      figures,
      text: readText(tile.textContent),
    }
  })
}

describe('the tiles of Live, on the example run', () => {
  it('have the figures of its report, and say that they are of all repeats', async () => {
    const { results } = reportOf({ results: example, run: null, owner: null })
    const rows = strategyRows(results)
    const tiles = await tilesOf(null)

    expect(tiles.map(({ figures }) => [figures['Images/s'], figures.Epoch, figures.Speedup])).toEqual(
      rows.map(({ rate, meanEpoch, speedup }) => [rate, meanEpoch, speedup]),
    )
    const { repeats } = example.configuration
    expect(repeats).toBeGreaterThan(1)
    for (const { text } of tiles) expect(text).toContain(`All ${repeats} repeats`)
  })

  it('have those of one repeat where it is picked, as in the report’s table of every run', async () => {
    const second = summarise(example.measurements).filter(({ block }) => block === 1)
    const tiles = await tilesOf(1)

    expect(tiles.map(({ figures }) => figures.Speedup)).toEqual(
      expect.arrayContaining(
        second.flatMap(({ speedup }) => (speedup === null ? [] : formatSpeedup(speedup))),
      ),
    )
    for (const { text } of tiles) expect(text).toContain('Repeat 2 of ')
  })
})

it('the mean step of Live is the report’s', () => {
  const { stepTimes } = reportOf({ results: example, run: null, owner: null })
  const labels = (steps: Parameters<typeof phasesModel>[0]) =>
    phasesModel(steps).rows.map(({ title, label }) => `${title}: ${label}`)
  expect(labels(stepParts(followed(example), null))).toEqual(labels(stepTimes))
})
