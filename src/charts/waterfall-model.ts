import type { StrategyWaterfall } from '../shared/analysis/step-analysis.js'
import { largest, smallest } from '../shared/extremes.js'
import { formatPercent } from '../shared/text/format.js'
import type { Axis } from './axis.js'

/** What a waterfall shows, in milliseconds a step. */
export interface WaterfallModel {
  title: string
  rows: WaterfallRow[]
  axis: Axis
}

export interface WaterfallRow {
  title: string
  fromMs: number
  toMs: number
  kind: 'total' | 'more' | 'less'
  /** `+9.5`; a total, and what rounds to nothing, without a sign. */
  amount: string
  /** Of the ideal step: `10.0 %`. */
  share: string
}

/** From the step that devices would make without any loss to the one that they made, reason by reason. */
export function waterfallModel({ title, waterfall }: StrategyWaterfall): WaterfallModel {
  const { idealMs, measuredMs, bars } = waterfall
  let atMs = idealMs
  const reasons = bars.map(({ title: reason, msPerStep, shareOfIdeal }): WaterfallRow => {
    const fromMs = atMs
    atMs += msPerStep
    const kind = msPerStep < 0 ? 'less' : 'more'
    return {
      title: reason,
      fromMs,
      toMs: atMs,
      kind,
      amount: signed(msPerStep),
      share: formatPercent(shareOfIdeal),
    }
  })
  const total = (name: string, ms: number): WaterfallRow => ({
    title: name,
    fromMs: 0,
    toMs: ms,
    kind: 'total',
    amount: ms.toFixed(1),
    share: formatPercent(ms / idealMs),
  })
  const rows = [total('Ideal: shared without loss', idealMs), ...reasons, total('Measured', measuredMs)]
  return {
    title: `From the ideal to the measured step of ${title}`,
    rows,
    // A reason can outweigh all before it: then the bars go below 0.
    axis: {
      from: Math.min(
        0,
        smallest(rows, ({ fromMs, toMs }) => Math.min(fromMs, toMs)),
      ),
      to: largest(rows, ({ fromMs, toMs }) => Math.max(fromMs, toMs)),
    },
  }
}

function signed(ms: number): string {
  const size = Math.abs(ms).toFixed(1)
  if (Number(size) === 0) return size
  return `${ms < 0 ? '−' : '+'}${size}`
}
