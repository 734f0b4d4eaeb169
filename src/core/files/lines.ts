/**
 * The lines of a text that comes in pieces, without their ends, `\n` or `\r\n`. A line of more than `longest` characters
 * is left out, and never held as a whole; `onLeftOut` is told of each.
 */
export async function* linesOf(
  text: AsyncIterable<string>,
  longest: number,
  onLeftOut: () => void = () => {},
): AsyncGenerator<string> {
  let begun = ''
  let tooLong = false
  for await (const piece of text) {
    let from = 0
    for (let end = piece.indexOf('\n'); end !== -1; end = piece.indexOf('\n', from)) {
      const line = begun + piece.slice(from, end)
      if (!tooLong && line.length <= longest) yield withoutReturn(line)
      else if (!tooLong) onLeftOut()
      begun = ''
      tooLong = false
      from = end + 1
    }
    if (tooLong) continue
    begun += piece.slice(from)
    if (begun.length <= longest) continue
    tooLong = true
    onLeftOut()
    begun = ''
  }
  if (!tooLong && begun !== '') yield withoutReturn(begun)
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}
