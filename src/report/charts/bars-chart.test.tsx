import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { BarsChart } from './bars-chart.js'

function chartWith(high: number): string {
  const bar = {
    id: 'ddp',
    title: 'DDP',
    value: 0.85,
    interval: { low: 0.03, high },
    isUnreliable: false,
    dots: [0.7, 1.1],
  }
  return renderToStaticMarkup(
    <BarsChart
      title="Speedup"
      axisTitle="times Single"
      figure={{ bars: [bar], line: { at: 2, title: 'ideal 2x' } }}
      format={(value) => `${value}x`}
      formatTick={(value) => `${value}x`}
      width={600}
      writesInterval
    />,
  )
}

it('draws an interval from end to end, and of one that is far too wide where it leaves the chart', () => {
  expect(chartWith(3)).toMatch(/v10m0 -5H[\d.]+m0 -5v10/)
  const wide = chartWith(28)
  expect(wide).toMatch(/v10m0 -5H[\d.]+m-5 -4l5 4l-5 4/)
  expect(wide).toContain('0.85x (0.03x to 28x)')
  expect(wide).not.toContain('>5x<')
})
