// @vitest-environment happy-dom
import { act } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EpochTimesChart } from './epoch-times-chart.js'
import { resultsExample } from './results.fixture.js'

let container: HTMLElement
let root: Root

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  // happy-dom lays nothing out, and a chart of no size draws nothing.
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockImplementation(function (this: HTMLElement) {
    const isFrame = this.classList.contains('recharts-responsive-container')
    return isFrame ? new DOMRect(0, 0, 800, 280) : new DOMRect()
  })
  container = document.createElement('div')
  document.body.append(container)
  root = createRoot(container)
})
afterEach(async () => {
  await act(async () => root.unmount())
  container.remove()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

describe('EpochTimesChart', () => {
  it('draws a bar an epoch for each strategy that was measured, as high as its seconds', async () => {
    await act(async () => root.render(<EpochTimesChart measurements={resultsExample.measurements} />))

    const heights = [...container.querySelectorAll('.recharts-bar-rectangle path')].map((bar) =>
      Number(bar.getAttribute('height')),
    )
    // Single 12 and 10 s, DDP 6 and 5 s; DP was skipped.
    const tallest = Math.max(...heights)
    const seconds = heights.map((height) => Math.round((12 * height * 100) / tallest) / 100)
    expect(seconds).toEqual([12, 10, 6, 5])
    expect(
      [...container.querySelectorAll('.recharts-legend-item-text')].map((item) => item.textContent),
    ).toEqual(['Single', 'DDP'])
  })
})
