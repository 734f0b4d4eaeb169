import { printable } from '../printable.js'

/**
 * Text that someone else wrote, as plain text within Markdown, a table's cell included: no mark-up of theirs, no HTML,
 * no link, no line of its own, no character that cannot be seen, and on a forge nobody is mentioned by it.
 */
export function markdownText(text: string): string {
  return (
    printable(text)
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll(/[\\`*_[\]!#|~$]/g, '\\$&')
      // What would begin a list or a heading, were it to begin a line.
      .replace(/^([-+=])/, '\\$1')
      .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
      // An empty comment parts what a forge would take for a person, an issue or an address.
      .replaceAll(/@|\\#|:(?=\/\/)|www(?=\.)/gi, '$&<!-- -->')
  )
}

/** A table; cells are Markdown already. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
