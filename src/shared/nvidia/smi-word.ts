/**
 * What a cell of nvidia-smi's stands for.
 *
 * - `value`: a number, or a text that is one.
 * - `unknown`: the hardware, the driver or a container keeps it to itself; the GPU is fine.
 * - `lost`: the GPU is gone until it is reset or the machine restarted.
 * - `error`: the driver tried and failed.
 */
export interface SmiWord {
  kind: 'value' | 'unknown' | 'lost' | 'error'
  /** Without brackets. */
  text: string
}

const unknown =
  /^(|-|n\/?a|none|unknown|not (supported|available|applicable|found|ready)|no data|(insufficient|no) permissions?|function not found|.*\bdeprecated\b.*)$/i
const lost = /\b(gpu (is )?lost|fallen off the bus|(requires?|needs) (a )?reset|reset (is )?required)\b/i
const error = /^err!?$|^(unknown )?error$|^(timeout|uninitialized|in use|.*\b(failed|error))$/i

/** Reads a cell. Words stand in brackets or, with some drivers and fields, without. */
export function smiWord(cell: string): SmiWord {
  const [, inBrackets] = /^\[(.*)\]$/.exec(cell.trim()) ?? []
  const text = (inBrackets ?? cell).trim()
  if (unknown.test(text)) return { kind: 'unknown', text }
  if (lost.test(text)) return { kind: 'lost', text }
  if (inBrackets !== undefined || error.test(text)) return { kind: 'error', text }
  return { kind: 'value', text }
}
