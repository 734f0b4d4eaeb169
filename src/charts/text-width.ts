/** Of Inter, as a share of the font size; an SVG has no layout of its own to ask. */
const narrow = 0.29
const usual = 0.56
const wide = 0.84

/** About how wide a text is drawn: never much narrower than it turns out, so that what stands beside it is clear of it. */
export function textWidth(text: string, fontSize: number): number {
  let width = 0
  for (const character of text) width += fontSize * shareOf(character)
  return width
}

/** Semi-bold is wider by about so much. */
const boldShare = 1.07

/** The same of the figures beside bars. */
export function boldTextWidth(text: string, fontSize: number): number {
  return textWidth(text, fontSize) * boldShare
}

/** Of a chart's width, what names at its side may take: the rest is for what they name. */
const sideShare = 0.4

/** A name at the side of a chart, cut where it would leave no room for the chart; a results file can hold any name. */
export function sideTitle(title: string, chartWidth: number, fontSize: number): string {
  const most = sideShare * chartWidth
  if (textWidth(title, fontSize) <= most) return title
  let cut = ''
  for (const character of title) {
    if (textWidth(`${cut}${character}…`, fontSize) > most) break
    cut += character
  }
  return `${cut.trimEnd()}…`
}

/** The lines that a text takes within a width, broken between words. */
export function wrapText(text: string, width: number, fontSize: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    const longer = line === undefined ? word : `${line} ${word}`
    if (line !== undefined && textWidth(longer, fontSize) > width) lines.push(word)
    else lines.splice(-1, 1, longer)
  }
  return lines
}

function shareOf(character: string): number {
  if (/[ijl.,:;'|!()[\] ]/.test(character)) return narrow
  if (/[mwMW%@]/.test(character)) return wide
  // Beyond Latin, characters can be as wide as the font is high.
  return /[A-Z0-9]/.test(character) ? 0.65 : character > 'ӿ' ? 1 : usual
}
