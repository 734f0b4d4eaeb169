import { type ReactNode, useId } from 'react'
import { fontSize, ink } from './ink.js'

export interface ChartFrameProps {
  width: number
  height: number
  /** What it shows, in a few words. */
  title: string
  /** What a reader who does not see it must know. */
  description: string
  children: ReactNode
}

/** One chart: an SVG with a name and a description, drawn in pixels and shown as wide as its place. */
export function ChartFrame({ width, height, title, description, children }: ChartFrameProps) {
  const id = useId()
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-labelledby={`${id}-title ${id}-description`}
      fontFamily="Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
      fontSize={fontSize}
      fill={ink.text}
    >
      <title id={`${id}-title`}>{title}</title>
      <desc id={`${id}-description`}>{description}</desc>
      {children}
    </svg>
  )
}
