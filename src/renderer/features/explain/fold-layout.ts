import { wrapText } from '../../../charts/text-width.js'

export interface FoldLine {
  /** The title's lines. */
  texts: string[]
  /** Of its row, from the top. */
  middle: number
}

export interface FoldLayout {
  /** Where bars begin. */
  labelWidth: number
  /** Values stand to their right. */
  barsWidth: number
  barHeight: number
  lines: FoldLine[]
}

/** As high as a row of one line is at least and at most, in lines of text. */
const [leastLines, mostLines] = [1.4, 2.4]

/** Where the rows of a waterfall stand in a place of this size: all of it is used, and no title is cut or runs into another. */
export function foldLayout({
  width,
  height,
  fontPixels,
  titles,
}: {
  width: number
  height: number
  fontPixels: number
  titles: readonly string[]
}): FoldLayout {
  const labelWidth = Math.round(width * 0.42)
  const wrapped = titles.map((title) => wrapText(title, labelWidth - fontPixels, fontPixels))
  const least = wrapped.map(({ length }) => fontPixels * (leastLines + 1.1 * (length - 1)))
  const needed = least.reduce((sum, row) => sum + row, 0)
  const most = (mostLines - leastLines) * fontPixels
  const spare = Math.max(0, Math.min(most, (height - needed) / Math.max(1, titles.length)))
  let top = 0
  const lines = wrapped.map((texts, row): FoldLine => {
    const rowHeight = (least[row] ?? 0) + spare
    top += rowHeight
    return { texts, middle: top - rowHeight / 2 }
  })
  return {
    labelWidth,
    barsWidth: Math.max(1, width - labelWidth - fontPixels * 6),
    barHeight: fontPixels,
    lines,
  }
}
