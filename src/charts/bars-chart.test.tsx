import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { BarsChart } from './bars-chart.js'
import { paperLook } from './look.js'

function chartWith(high: number): string {
  const bar = {
    id: 'ddp',
    title: 'DDP',
    value: 0.85,
    text: '0.85x',
    interval: { low: 0.03, high, text: `0.03 to ${high}` },
    isUnreliable: false,
    dots: [0.7, 1.1],
  }
  return renderToStaticMarkup(
    <BarsChart
      figure={{
        title: 'Speedup',
        axisTitle: 'times Single',
        unit: 'times',
        bars: [bar],
        line: { at: 2, title: 'ideal 2x' },
      }}
      look={paperLook(600)}
      writesInterval
    />,
  )
}

it('draws an interval from end to end, and of one that is far too wide where it leaves the chart', () => {
  expect(chartWith(3)).toMatch(/v10m0 -5H[\d.]+m0 -5v10/)
  const wide = chartWith(28)
  expect(wide).toMatch(/v10m0 -5H[\d.]+m-5 -4l5 4l-5 4/)
  expect(wide).toContain('0.85x (0.03 to 28)')
  expect(wide).not.toContain('>5x<')
})
