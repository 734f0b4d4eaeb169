/** Text that someone else wrote, on one line and without what a terminal would obey: no escapes, no line of its own. */
export function printable(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\p{Cc}|\p{Cf}/gu, '')
    .trim()
}
