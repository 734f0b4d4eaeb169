import { Tooltip, useComputedColorScheme } from '@mantine/core'
import { isEqual } from 'es-toolkit'
import { type KeyboardEvent, type ReactNode, type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { type ChartLook, fontSize, type MarkProps } from '../../charts/look.js'
import styles from './drawn-chart.module.css'

export interface DrawnChartProps {
  /** @param place how high its place is, in the chart's units; 0 where that follows the chart */
  draw(look: ChartLook, place: number): ReactNode
  /** Its place has a height of its own, which it may fill. */
  fills?: boolean
  /** Larger for a projector. */
  fontPixels?: number
}

/**
 * A chart of the set that reports have, on the page: as wide as its place, in the theme's ink, and its marks answer to
 * pointer and keyboard.
 */
export function DrawnChart({ draw, fills = false, fontPixels = 12 }: DrawnChartProps) {
  const scheme = useComputedColorScheme('light')
  const place = useRef<HTMLDivElement>(null)
  const { width, height } = useSize(place)
  useOneTabStop(place)
  const scale = fontPixels / fontSize
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys go from mark to mark within
    <div ref={place} className={styles.place} data-fills={fills} onKeyDown={moveFocus}>
      {draw(
        { scheme, width: Math.max(leastWidth, width / scale), scale, Mark: AnsweringMark },
        fills ? height / scale : 0,
      )}
    </div>
  )
}

/** In a chart's units: narrower, names leave no room for what they name, so it is scaled down instead. */
const leastWidth = 240

/** Where nothing has been laid out yet. */
const widthBefore = 560

/** Known before the first painting, so that nothing is drawn twice or moves. */
function useSize(place: RefObject<HTMLDivElement | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: widthBefore, height: 0 })
  useLayoutEffect(() => {
    const node = place.current
    if (node === null) return
    const measure = (): void => {
      // Without a place of its own, as in a tab that is hidden, it keeps the width that it had.
      const { clientWidth: width, clientHeight: height } = node
      if (width > 0) setSize((before) => (isEqual(before, { width, height }) ? before : { width, height }))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(node)
    return () => observer.disconnect()
  }, [place])
  return size
}

/** A chart is one stop for the tab key, whatever it holds: its marks are gone through with the arrow keys. */
function useOneTabStop(place: RefObject<HTMLDivElement | null>): void {
  useLayoutEffect(() => {
    const marks = marksIn(place.current)
    if (!marks.some((mark) => mark.getAttribute('tabindex') === '0')) marks[0]?.setAttribute('tabindex', '0')
  })
}

function marksIn(place: Element | null): SVGGElement[] {
  return [...(place?.querySelectorAll<SVGGElement>('[data-mark]') ?? [])]
}

const steps: Record<string, number> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }

function moveFocus(event: KeyboardEvent<HTMLDivElement>): void {
  const step = steps[event.key]
  const marks = marksIn(event.currentTarget)
  const from = marks.findIndex((mark) => mark.contains(event.target as Node))
  const next = step === undefined || from === -1 ? undefined : marks[from + step]
  if (next === undefined) return
  event.preventDefault()
  for (const mark of marks) mark.setAttribute('tabindex', mark === next ? '0' : '-1')
  next.focus()
}

/** A mark that says what it is where a pointer or the focus is. */
function AnsweringMark({ label, area, children }: MarkProps) {
  return (
    <Tooltip label={label} multiline maw={420} events={{ hover: true, focus: true, touch: true }}>
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a picture with a figure, which is told where the focus is as under a pointer */}
      <g className={styles.mark} role="img" aria-label={label} tabIndex={-1} data-mark>
        <rect className={styles.area} rx={3} {...area} />
        {children}
      </g>
    </Tooltip>
  )
}
