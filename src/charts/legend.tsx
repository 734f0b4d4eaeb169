import { fontSize } from './look.js'
import { textWidth } from './text-width.js'

export interface LegendEntry {
  title: string
  colour: string
  /** What it is drawn as: a dash for a line. */
  sample: readonly number[] | 'fill' | 'dot'
  /** Of a line. */
  width?: number
  opacity?: number
}

const sampleWidth = 22
const gap = 14
/** From one row of a legend to the next. */
export const legendRowHeight = 15

interface PlacedEntry {
  entry: LegendEntry
  x: number
  row: number
}

/** Where entries stand, in as many rows as the width asks for. */
export function placeLegend(
  entries: readonly LegendEntry[],
  width: number,
): { placed: PlacedEntry[]; height: number } {
  let x = 0
  let row = 0
  const placed = entries.map((entry): PlacedEntry => {
    const own = sampleWidth + 5 + textWidth(entry.title, fontSize)
    if (x > 0 && x + own > width) {
      x = 0
      row++
    }
    const at = { entry, x, row }
    x += own + gap
    return at
  })
  return { placed, height: entries.length === 0 ? 0 : (row + 1) * legendRowHeight }
}

/** What the lines and fills of a chart stand for. */
export function Legend({ placed }: { placed: readonly PlacedEntry[] }) {
  return (
    <g>
      {placed.map(({ entry, x, row }) => (
        <g key={entry.title} transform={`translate(${x} ${row * legendRowHeight})`}>
          <Sample {...entry} />
          <text x={sampleWidth + 5} y={10}>
            {entry.title}
          </text>
        </g>
      ))}
    </g>
  )
}

function Sample({ colour, sample, width = 2, opacity = 1 }: LegendEntry) {
  if (sample === 'fill')
    return <rect x={sampleWidth - 12} y={1} width={11} height={11} rx={1.5} fill={colour} />
  if (sample === 'dot') return <circle cx={sampleWidth - 6} cy={6.5} r={4} fill={colour} />
  return (
    <line
      x2={sampleWidth}
      y1={6.5}
      y2={6.5}
      stroke={colour}
      strokeWidth={width}
      strokeOpacity={opacity}
      strokeDasharray={sample.join(' ')}
    />
  )
}
