import type { ErrorReport } from '../errors.js'
import { capitalised } from './format.js'

/** An error in sentences: what went wrong, and what to do about it where that is known. */
export function errorSentences({ message, hint }: Pick<ErrorReport, 'message' | 'hint'>): string {
  // A name at the beginning (of a file, a program, a device) stays as it is written.
  const beginsWithWord = /^[a-z]+\s/.test(message)
  const found = `${beginsWithWord ? capitalised(message) : message}.`
  return hint === '' ? found : `${found} ${hint}`
}
