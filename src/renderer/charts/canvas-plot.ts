import './known-language.js'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { bandOver, joinLines, type StreamLine, smooth } from './stream-data.js'

/** How a plot looks, apart from its lines. */
export interface PlotLook {
  /** Text and grid. */
  ink: string
  grid: string
  fontPixels: number
  logarithmic: boolean
  /** Fixed limits of y; null to fit the lines, from 0 where `fromZero`. */
  yLimits: [number, number] | null
  fromZero: boolean
  /** What the axes are, with their units. */
  xTitle: string
  yTitle: string
  /** Values along x are whole: no ticks between them. */
  wholeX: boolean
  formatX(value: number): string
  formatY(value: number): string
  /** Plots of one group share their crosshair. */
  syncKey: string
  /** Weight of the past in smoothed lines. */
  smoothing: number
}

/** A canvas that draws lines, redrawn when it is told. */
export interface CanvasPlot {
  draw(lines: readonly StreamLine[]): void
  resize(width: number, height: number): void
  destroy(): void
}

/**
 * Draws with uPlot. Each line is four of its series: the smoothed line, the raw one faintly, and the two edges of
 * the band between the least and the greatest that a point stands for.
 *
 * @param onCursor told where the crosshair is, in values of x; null when it is gone
 */
export function createCanvasPlot(
  container: HTMLElement,
  look: PlotLook,
  onCursor: (x: number | null) => void,
): CanvasPlot {
  let plot: uPlot | null = null
  let shape = ''
  let destroyed = false
  let size = { width: container.clientWidth, height: container.clientHeight }

  const rebuild = (lines: readonly StreamLine[], data: uPlot.AlignedData): void => {
    plot?.destroy()
    plot = new uPlot(options(lines, look, size, onCursor), data, container)
  }

  return {
    draw(lines) {
      // React may still hold on to a plot whose place another has taken.
      if (destroyed) return
      if (!lines.some(({ y }) => y.some((value) => value !== null))) {
        plot?.destroy()
        plot = null
        return
      }
      const data = dataOf(lines, look.smoothing)
      const newShape = lines.map(({ key, style }) => `${key} ${style.colour} ${style.dash}`).join('|')
      if (plot === null || newShape !== shape) {
        shape = newShape
        rebuild(lines, data)
      } else plot.setData(data)
    },
    resize(width, height) {
      size = { width, height }
      plot?.setSize(size)
    },
    destroy() {
      destroyed = true
      plot?.destroy()
      plot = null
    },
  }
}

function dataOf(lines: readonly StreamLine[], smoothing: number): uPlot.AlignedData {
  const joined = joinLines(
    lines.flatMap(({ x, y, range, repeats = [] }) => {
      const raw = smoothing > 0 ? y : y.map(() => null)
      const nothing = y.map(() => null)
      const band = bandOver(repeats, smoothing) ?? { x, ...(range ?? { low: nothing, high: nothing }) }
      return [
        { x, values: smooth(y, smoothing) },
        { x, values: raw },
        { x: band.x, values: band.low },
        { x: band.x, values: band.high },
      ]
    }),
  )
  return [joined.x, ...joined.columns] as uPlot.AlignedData
}

const seriesPerLine = 4

/** 1, 2, 5, 10, 20 ... */
const wholeSteps = Array.from({ length: 9 }, (_, power) =>
  [1, 2, 5].map((first) => first * 10 ** power),
).flat()

/** Beside the axis a number is as short as it can be; the legend says it whole. */
const tick = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3, notation: 'compact' })

function options(
  lines: readonly StreamLine[],
  look: PlotLook,
  size: { width: number; height: number },
  onCursor: (x: number | null) => void,
): uPlot.Options {
  const font = `${look.fontPixels}px Inter, system-ui, sans-serif`
  const axis: uPlot.Axis = {
    stroke: look.ink,
    font,
    grid: { stroke: look.grid, width: lineWidth(look, 1) },
    ticks: { show: false },
    labelFont: font,
    labelSize: look.fontPixels * 1.5,
    labelGap: 0,
    gap: look.fontPixels * 0.4,
  }
  return {
    ...size,
    legend: { show: false },
    // The last number along x reaches beyond its place.
    padding: [look.fontPixels * 0.75, look.fontPixels * 1.1, 0, 0],
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: { size: 6 },
      sync: { key: look.syncKey, scales: ['x', null] },
    },
    scales: {
      x: { time: false },
      y: look.logarithmic
        ? { distr: 3 }
        : { range: (_plot, low, high) => look.yLimits ?? yRange(low, high, look.fromZero) },
    },
    axes: [
      {
        ...axis,
        label: look.xTitle,
        values: (_plot, splits) => splits.map(look.formatX),
        size: look.fontPixels * 1.9,
        space: look.fontPixels * 4.5,
        ...(look.wholeX && { incrs: wholeSteps }),
      },
      {
        ...axis,
        label: look.yTitle,
        values: (_plot, splits) => splits.map((value) => (value === null ? '' : tick.format(value))),
        size: look.fontPixels * 3.6,
        space: Math.max(30, look.fontPixels * 1.9),
      },
    ],
    series: [{}, ...lines.flatMap((line) => seriesOf(line, look))],
    bands: lines.map(({ style }, index) => ({
      series: [index * seriesPerLine + 4, index * seriesPerLine + 3],
      fill: withAlpha(style.colour, 0.16),
    })),
    hooks: {
      setCursor: [
        (plot) => {
          const { left } = plot.cursor
          onCursor(left == null || left < 0 ? null : plot.posToVal(left, 'x'))
        },
      ],
    },
  }
}

/** As wide as `pixels` beside text for a desk, and wider as the text is larger. */
function lineWidth({ fontPixels }: Pick<PlotLook, 'fontPixels'>, pixels: number): number {
  return pixels * Math.max(1, fontPixels / 14)
}

function seriesOf({ style }: StreamLine, look: PlotLook): uPlot.Series[] {
  const edge: uPlot.Series = { stroke: 'transparent', width: 0, spanGaps: true, points: { show: false } }
  return [
    {
      stroke: style.colour,
      width: lineWidth(look, 2),
      dash: style.dash,
      spanGaps: true,
      points: { show: false },
    },
    {
      stroke: withAlpha(style.colour, 0.35),
      width: lineWidth(look, 1),
      spanGaps: true,
      points: { show: false },
    },
    edge,
    edge,
  ]
}

/** Some air above and below; a line that never changes lies in the middle. */
function yRange(low: number | null, high: number | null, fromZero: boolean): [number, number] {
  if (low === null || high === null) return [0, 1]
  const bottom = fromZero ? Math.min(0, low) : low
  const height = high - bottom || Math.abs(high) || 1
  return [fromZero && low >= 0 ? 0 : bottom - 0.05 * height, high + 0.08 * height]
}

/** `#rrggbb` with an alpha of 0 to 1. */
function withAlpha(colour: string, alpha: number): string {
  return `${colour}${Math.round(alpha * 255)
    .toString(16)
    .padStart(2, '0')}`
}
