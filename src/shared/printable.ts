/** Text that someone else wrote, on one line and without what a terminal would obey: no escapes, no line of its own. */
export function printable(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\p{Cc}|\p{Cf}/gu, '')
    .trim()
}

/** A whole document, without what no document may hold: HTML and XML know no NUL and no control characters. */
export function withoutControls(text: string): string {
  return text.replaceAll(/(?![\n\r\t])\p{Cc}/gu, '')
}
