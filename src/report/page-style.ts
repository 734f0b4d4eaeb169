import type { Paper } from '../shared/report/paper.js'

const sizes: Record<Paper, string> = { a4: 'A4', letter: 'letter' }

/** The paper that a report is printed on, with what stands at the head and foot of each of its pages. */
export function pageStyle(paper: Paper, header: string, footer: string): string {
  const small = 'font: 7.5pt Inter, system-ui, sans-serif; color: #5c6672'
  return `
@page {
  size: ${sizes[paper]};
  margin: 17mm 16mm 16mm;
  @top-left { content: ${cssString(header)}; ${small} }
  @bottom-left { content: ${cssString(footer)}; ${small} }
  @bottom-right { content: "Page " counter(page) " of " counter(pages); ${small} }
}
@page :first {
  margin-top: 14mm;
  @top-left { content: none }
}
`
}

/** A text as CSS writes it. What could end the string, or the style element around it, is escaped by its number. */
export function cssString(text: string): string {
  const escaped = text.replaceAll(/[^\p{L}\p{N} .,:;/()+-]/gu, (character) => {
    return `\\${(character.codePointAt(0) ?? 0).toString(16)} `
  })
  return `"${escaped}"`
}
