import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { paperLook } from './look.js'
import { WaterfallChart } from './waterfall-chart.js'

const shown = {
  id: 'ddp',
  title: 'DDP',
  waterfall: {
    idealMs: 100,
    measuredMs: 130,
    bars: [{ name: 'all-reduce' as const, title: 'All-reduce', msPerStep: 30, shareOfIdeal: 0.3 }],
  },
}

function heightIn(place: number): number {
  const markup = renderToStaticMarkup(
    <WaterfallChart shown={shown as never} look={paperLook(500)} place={place} />,
  )
  return Number(/viewBox="0 0 500 ([\d.]+)"/.exec(markup)?.[1])
}

it('fills a place that is higher than it needs, and is as high as it needs in a lower one', () => {
  const needed = heightIn(0)
  expect(heightIn(needed * 1.5)).toBeCloseTo(needed * 1.5)
  expect(heightIn(needed / 2)).toBe(needed)
  // Rows far apart are no longer one picture.
  expect(heightIn(needed * 10)).toBeLessThan(needed * 2)
})
