import { basename } from 'node:path'
import type { TandemHost } from '../core/host/tandem-host.js'
import { TandemError } from '../shared/errors.js'

/**
 * Takes a document, a bundle or a results file, into the history, and says which run it is. One that is there already
 * is that run. Throws as `TandemHost.openFile`, and `document-unknown` for what is no document by its name.
 */
export async function openDocument(path: string, host: Pick<TandemHost, 'openFile'>): Promise<string> {
  if (/\.py$/i.test(path)) throw isScript(path)
  return await host.openFile(path)
}

function isScript(path: string): TandemError {
  return new TandemError({
    code: 'document-unknown',
    message: `${basename(path)} is a script, which is not a document of Tandem`,
    hint: 'Measure it with File, Measure a Script; a bundle or a results.json of it opens here.',
  })
}
