import type { ErrorReport } from '../shared/errors.js'
import { printable } from '../shared/printable.js'

/** An error as standard error has it: one line, what went wrong and what to do. */
export function errorLine({ message, hint }: Pick<ErrorReport, 'message' | 'hint'>): string {
  return `tandem: ${printable(hint === '' ? message : `${message}. ${hint}`)}\n`
}
