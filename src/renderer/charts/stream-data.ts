import type { StrategyStyle } from '../../shared/strategy-style.js'

/** Where the entries of a line lie, and their values. */
export interface LinePoints {
  x: (number | null)[]
  y: (number | null)[]
}

/** One line of a chart: by entry, where it lies, its value, and between which values its entries were. */
export interface StreamLine extends LinePoints {
  key: string
  title: string
  style: StrategyStyle
  /** All repeats of what the line shows one of; with fewer than two there is nothing to show beside it. */
  repeats?: readonly LinePoints[]
  /** The least and the greatest that each point stands for; null where a point is what it is. */
  range: { low: (number | null)[]; high: (number | null)[] } | null
}

/** A table of lines as uPlot takes it: one x for all, and for each line its values at these x. */
export interface JoinedLines {
  x: number[]
  /** `undefined` where a line has no entry at that x, which is bridged; null where its entry has no value: a gap. */
  columns: (number | null | undefined)[][]
}

/** Lays lines that have x values of their own over one x axis. Each line's x must not fall. */
export function joinLines(
  lines: readonly { x: (number | null)[]; values: (number | null)[] }[],
): JoinedLines {
  const all = new Set<number>()
  for (const line of lines) for (const x of line.x) if (x !== null) all.add(x)
  const x = [...all].sort((a, b) => a - b)
  const positions = new Map(x.map((value, index) => [value, index]))
  const columns = lines.map((line) => {
    const column = new Array<number | null | undefined>(x.length).fill(undefined)
    line.x.forEach((value, entry) => {
      const position = value === null ? undefined : positions.get(value)
      if (position !== undefined) column[position] = line.values[entry] ?? null
    })
    return column
  })
  return { x, columns }
}

/**
 * Exponential moving average, corrected at the start as in Kingma and Ba, "Adam" (2015): the first value is itself.
 *
 * @param weight of the past, 0 (none) to below 1
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  if (weight === 0) return [...values]
  let average = 0
  let correction = 1
  return values.map((value) => {
    if (value === null) return null
    average = weight * average + (1 - weight) * value
    correction *= weight
    return average / (1 - correction)
  })
}

/** The least and the greatest along an x axis of its own. */
export interface Band {
  x: number[]
  low: (number | null)[]
  high: (number | null)[]
}

/** A band is drawn behind lines: finer would not be seen. */
const mostBandPoints = 200

/**
 * Between which values a line's repeats lie, each smoothed as the line is; null with fewer than two. Where repeats have
 * no point at the same x, they are taken to go straight from one to the next; beyond their ends they have no value.
 */
export function bandOver(repeats: readonly LinePoints[], smoothing: number): Band | null {
  if (repeats.length < 2) return null
  const lines = repeats.map((points) => smoothedPoints(points, smoothing))
  const longest = lines.reduce((a, b) => (b.length > a.length ? b : a))
  const every = Math.max(1, Math.ceil(longest.length / mostBandPoints))
  const x = longest.flatMap((point, index) =>
    index % every === 0 || index === longest.length - 1 ? [point.x] : [],
  )
  const band: Band = { x, low: [], high: [] }
  const cursors = lines.map(() => 0)
  for (const at of x) {
    const values = lines.flatMap((line, index) => {
      // Both run upwards, so each line is walked once.
      while ((line[(cursors[index] as number) + 1]?.x ?? Number.POSITIVE_INFINITY) <= at)
        cursors[index] = (cursors[index] as number) + 1
      return valueBetween(line, cursors[index] as number, at) ?? []
    })
    band.low.push(values.length === 0 ? null : Math.min(...values))
    band.high.push(values.length === 0 ? null : Math.max(...values))
  }
  return band
}

interface Point {
  x: number
  y: number
}

/** By the points that they were made of: most repeats have ended, and are the same at every redraw. */
const smoothedBefore = new WeakMap<LinePoints, { smoothing: number; smoothed: Point[] }>()

function smoothedPoints(points: LinePoints, smoothing: number): Point[] {
  const before = smoothedBefore.get(points)
  if (before?.smoothing === smoothing) return before.smoothed
  const y = smooth(points.y, smoothing)
  const smoothed = points.x.flatMap((at, index) => {
    const value = y[index] ?? null
    return at === null || value === null ? [] : [{ x: at, y: value }]
  })
  smoothedBefore.set(points, { smoothing, smoothed })
  return smoothed
}

function valueBetween(line: readonly Point[], index: number, at: number): number | null {
  const [from, to] = [line[index], line[index + 1]]
  if (from === undefined || at < from.x) return null
  if (at === from.x) return from.y
  return to === undefined ? null : from.y + ((to.y - from.y) * (at - from.x)) / (to.x - from.x)
}

/** The value of a line that lies nearest to `x`; null where it has none. */
export function valueAt({ x, y }: Pick<StreamLine, 'x' | 'y'>, at: number): number | null {
  let nearest: number | null = null
  let distance = Number.POSITIVE_INFINITY
  x.forEach((value, entry) => {
    if (value === null || y[entry] == null || Math.abs(value - at) >= distance) return
    distance = Math.abs(value - at)
    nearest = y[entry] ?? null
  })
  return nearest
}
