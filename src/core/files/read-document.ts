import { TandemError } from '../../shared/errors.js'
import { readTextFile } from './read-text-file.js'

/** More than any of the small documents that Tandem keeps beside a run. */
const longestDocumentBytes = 16 * 1024 * 1024

/** A small JSON document of Tandem's own; null for a file that is not there, cannot be read, or is none. Never rejects. */
export async function readDocument(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readTextFile(path, { longestBytes: longestDocumentBytes, refuse }))
  } catch {
    return null
  }
}

function refuse(why: string): TandemError {
  return new TandemError({ code: 'document-unreadable', message: why, hint: '' })
}
