import { scaleLog } from 'd3-scale'
import type { Evaluation } from './evaluate.js'
import { formatValue } from './report-table.js'
import { sectionTitles } from './suite.js'

const width = 920
const labelWidth = 430
const right = 70
const top = 54
const rowHeight = 22
const tickValues = [0.1, 0.2, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10, 20, 50, 100]
const colours = {
  text: '#1f2328',
  faint: '#8b949e',
  line: '#d0d7de',
  reached: '#1a7f37',
  missed: '#cf222e',
  none: '#0969da',
}

/**
 * Ratios as dots on a logarithmic axis, each with its 95 % interval and a tick at its bar: a picture of its own, SVG.
 * Empty without a ratio.
 */
export function drawChart(evaluations: readonly Evaluation[]): string {
  const rows = evaluations.filter(({ finding, value }) => finding.unit === 'ratio' && value !== null)
  if (rows.length === 0) return ''
  const height = top + rows.length * rowHeight + 30
  const x = scaleLog(extent(rows), [labelWidth, width - right])
  const [from, to] = x.domain() as [number, number]
  const ticks = tickValues.filter((tick) => tick >= from && tick <= to)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="Ratios with their 95 % intervals">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    text(16, 22, 'Ratios with 95 % intervals; a tick marks the bar, blue is without one or in doubt', {
      size: 14,
      weight: 600,
    }),
    ...ticks.map((tick) => axisLine(x(tick), height, `${tick}x`, tick === 1)),
    ...rows.flatMap((row, index) => drawRow(row, top + (index + 0.5) * rowHeight, x)),
    '</svg>',
    '',
  ].join('\n')
}

type Scale = (value: number) => number

function drawRow({ finding, value, low, high, reached, inDoubt }: Evaluation, y: number, x: Scale): string[] {
  const colour = reached === null || inDoubt ? colours.none : reached ? colours.reached : colours.missed
  const at = value as number
  const { bar } = finding
  const limit = bar === null ? null : 'atLeast' in bar ? bar.atLeast : bar.atMost
  const place = (position: number) => position.toFixed(1)
  return [
    text(16, y + 4, `${sectionTitles[finding.section].split(',')[0]}: ${finding.title}`, { size: 11 }),
    ...(low === null || high === null
      ? []
      : [
          `<line x1="${place(x(low))}" x2="${place(x(high))}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="2"/>`,
        ]),
    `<circle cx="${place(x(at))}" cy="${y}" r="4" fill="${colour}"/>`,
    ...(limit === null
      ? []
      : [
          `<line x1="${place(x(limit))}" x2="${place(x(limit))}" y1="${y - 8}" y2="${y + 8}" stroke="${colours.text}" stroke-width="1.5"/>`,
        ]),
    text(width - right + 12, y + 4, formatValue(at, 'ratio'), { size: 11 }),
  ]
}

function axisLine(x: number, height: number, label: string, isOne: boolean): string {
  const colour = isOne ? colours.faint : colours.line
  const line = `<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${top - 8}" y2="${height - 24}" stroke="${colour}"/>`
  return `${line}${text(x, height - 8, label, { anchor: 'middle', colour: colours.faint })}`
}

/** Everything that is drawn, and 1. */
function extent(rows: readonly Evaluation[]): [number, number] {
  const values = rows.flatMap(({ value, low, high, finding: { bar } }) => [
    value as number,
    ...(low === null || high === null ? [] : [low, high]),
    ...(bar === null ? [] : Object.values(bar)),
  ])
  return [Math.min(1, ...values) * 0.95, Math.max(1, ...values) * 1.05]
}

interface TextStyle {
  size?: number
  weight?: number
  anchor?: 'start' | 'middle'
  colour?: string
}

function text(x: number, y: number, content: string, style: TextStyle): string {
  const { size = 12, weight = 400, anchor = 'start', colour = colours.text } = style
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<text x="${x.toFixed(1)}" y="${y}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}" fill="${colour}">${escaped}</text>`
}
