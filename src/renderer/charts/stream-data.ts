import type { StrategyStyle } from '../../shared/strategy-style.js'

/** One line of a chart: by entry, where it lies, its value, and between which values its entries were. */
export interface StreamLine {
  key: string
  title: string
  style: StrategyStyle
  x: (number | null)[]
  y: (number | null)[]
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
