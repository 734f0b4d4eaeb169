import { type ReactNode, useId } from 'react'
import { type ChartLook, fontSize, inkOf, PlainMark } from './look.js'

export interface ChartFrameProps {
  look: ChartLook
  height: number
  /** What it shows, in a few words. */
  title: string
  /** What a reader who does not see it must know. */
  description: string
  children: ReactNode
}

/**
 * One chart: an SVG with a name, drawn in its own units and shown as wide as its place. One whose marks answer is a group
 * of them; any other is a picture with a description.
 */
export function ChartFrame({ look, height, title, description, children }: ChartFrameProps) {
  const id = useId()
  const frame = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${look.width} ${height}`,
    width: look.width * look.scale,
    height: height * look.scale,
    fontFamily: "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
    fontSize,
    fill: inkOf(look.scheme).text,
  }
  if (look.Mark !== PlainMark) {
    return (
      // biome-ignore lint/a11y/useSemanticElements: no other element draws
      <svg {...frame} role="group" aria-label={title}>
        {children}
      </svg>
    )
  }
  return (
    <svg {...frame} role="img" aria-labelledby={`${id}-title ${id}-description`}>
      <title id={`${id}-title`}>{title}</title>
      <desc id={`${id}-description`}>{description}</desc>
      {children}
    </svg>
  )
}
