import { Tooltip, useComputedColorScheme } from '@mantine/core'
import { type ReactNode, useCallback, useLayoutEffect, useRef, useState } from 'react'
import { type ChartLook, fontSize, type MarkProps } from '../../charts/look.js'
import styles from './drawn-chart.module.css'

export interface DrawnChartProps {
  draw(look: ChartLook): ReactNode
  /** Larger for a projector. */
  fontPixels?: number
}

/**
 * A chart of the set that reports have, on the page: as wide as its place, in the theme's ink, and its marks answer to
 * pointer and keyboard.
 */
export function DrawnChart({ draw, fontPixels = 12 }: DrawnChartProps) {
  const scheme = useComputedColorScheme('light')
  const { place, width } = useWidth()
  const scale = fontPixels / fontSize
  return (
    <div ref={place} className={styles.place}>
      {draw({ scheme, width: Math.max(leastWidth, width / scale), scale, Mark: AnsweringMark })}
    </div>
  )
}

/** In a chart's units: narrower, names leave no room for what they name, so it is scaled down instead. */
const leastWidth = 240

/** Where nothing has been laid out yet. */
const widthBefore = 560

/** Known before the first painting, so that nothing is drawn twice or moves. */
function useWidth() {
  const element = useRef<HTMLDivElement | null>(null)
  const [width, setWidth] = useState(widthBefore)
  const place = useCallback((node: HTMLDivElement | null) => {
    element.current = node
  }, [])
  useLayoutEffect(() => {
    const node = element.current
    if (node === null) return
    const measure = (): void => {
      // Without a place of its own, as in a tab that is hidden, it keeps the width that it had.
      if (node.clientWidth > 0) setWidth(node.clientWidth)
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(node)
    return () => observer.disconnect()
  }, [])
  return { place, width }
}

/** A mark that says what it is where a pointer or the focus is. */
function AnsweringMark({ label, area, children }: MarkProps) {
  return (
    <Tooltip label={label} multiline maw={420} events={{ hover: true, focus: true, touch: true }}>
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a picture with a figure, which is told where the focus is as under a pointer */}
      <g className={styles.mark} role="img" aria-label={label} tabIndex={0}>
        <rect className={styles.area} rx={3} {...area} />
        {children}
      </g>
    </Tooltip>
  )
}
