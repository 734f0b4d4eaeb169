import { useComputedColorScheme } from '@mantine/core'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { inkOf } from '../../charts/look.js'
import type { LiveRun } from '../../shared/live/live-run.js'
import type { ColourScheme } from '../../shared/strategy-style.js'
import type { RunView } from '../state/run-view.js'
import { useHighContrast } from '../theme/high-contrast.js'
import { type CanvasPlot, createCanvasPlot, type PlotLook } from './canvas-plot.js'
import { ChartCard } from './chart-card.js'
import { ChartLegend } from './chart-legend.js'
import { LinesTable } from './lines-table.js'
import styles from './stream-chart.module.css'
import { type StreamLine, valueAt } from './stream-data.js'
import { useFrames } from './use-frames.js'

export interface StreamChartProps {
  title: string
  /** What the y axis is, with its unit: `Images/s`. */
  yTitle: string
  xTitle: string
  /** Beside the title: which repeats it shows. */
  scope?: string
  view: RunView
  /** The lines as they are now. Called at every redraw; keep it the same while nothing else changes. */
  read(run: LiveRun, scheme: ColourScheme): StreamLine[]
  look: Pick<
    PlotLook,
    'logarithmic' | 'yLimits' | 'fromZero' | 'wholeX' | 'formatX' | 'formatY' | 'syncKey' | 'smoothing'
  >
  /** Keys of lines that are not drawn. */
  hidden: ReadonlySet<string>
  onToggle(key: string): void
  /** Said in place of lines while there are none, and once the run is over without any. */
  empty: { yet: string; ever: string }
  /** False for a run that nobody adds to any more, also where it never came to an end. */
  isLive?: boolean
  /** Further controls in the head. */
  controls?: React.ReactNode
  /** Larger for a projector. */
  fontPixels?: number
}

/** A chart of series that grow, on a canvas: redrawn ten times a second at most, and only when something changed. */
export function StreamChart(props: StreamChartProps) {
  const {
    title,
    yTitle,
    xTitle,
    scope,
    view,
    read,
    look,
    hidden,
    onToggle,
    empty,
    controls,
    fontPixels = 11,
  } = props
  const scheme = useComputedColorScheme('light')
  const { isHigh } = useHighContrast()
  const ink = isHigh ? highContrastInk : inkOf(scheme)
  const container = useRef<HTMLDivElement>(null)
  const [plot, setPlot] = useState<CanvasPlot | null>(null)
  const [cursorX, setCursorX] = useState<number | null>(null)
  const readInScheme = useCallback((run: LiveRun) => read(run, scheme), [read, scheme])
  const lines = useFrames(view, readInScheme)
  const isOver = useFrames(view, readIsOver) || props.isLive === false
  const drawn = useMemo(() => lines.filter(({ key }) => !hidden.has(key)), [lines, hidden])

  useEffect(() => {
    const element = container.current
    if (element === null) return
    const created = createCanvasPlot(
      element,
      { ...look, ink: ink.faint, grid: ink.grid, xTitle, yTitle, fontPixels },
      setCursorX,
    )
    setPlot(created)
    const observer = new ResizeObserver(() => created.resize(element.clientWidth, element.clientHeight))
    observer.observe(element)
    return () => {
      observer.disconnect()
      created.destroy()
      setPlot(null)
    }
  }, [look, ink, xTitle, yTitle, fontPixels])

  useEffect(() => plot?.draw(drawn), [plot, drawn])

  const isEmpty = lines.every(({ y }) => y.every((value) => value === null))
  return (
    <ChartCard
      title={title}
      unit={scope}
      controls={controls}
      legend={
        <ChartLegend
          items={lines.map((line) => ({
            key: line.key,
            title: line.title,
            style: line.style,
            value: formatOrNothing(shownValue(line, cursorX), look.formatY),
            isHidden: hidden.has(line.key),
          }))}
          onToggle={onToggle}
        />
      }
      table={<LinesTable caption={title} unit={yTitle} xTitle={xTitle} lines={drawn} look={look} />}
    >
      <div className={styles.frame}>
        <div ref={container} className={styles.plot} aria-hidden="true" />
        {isEmpty && <p className={styles.empty}>{isOver ? empty.ever : empty.yet}</p>}
      </div>
    </ChartCard>
  )
}

function readIsOver({ head }: LiveRun): boolean {
  return head.finishedAtMs !== null
}

const highContrastInk = { ...inkOf('dark'), faint: '#ffffff', grid: '#5f6b7a' }

/** Under the crosshair, else the newest. */
function shownValue(line: StreamLine, cursorX: number | null): number | null {
  if (cursorX !== null) return valueAt(line, cursorX)
  return line.y.findLast((value) => value !== null) ?? null
}

function formatOrNothing(value: number | null, format: (value: number) => string): string {
  return value === null ? '' : format(value)
}
