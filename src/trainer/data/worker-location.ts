import { existsSync } from 'node:fs'
import { TandemError } from '../../shared/errors.js'

/**
 * The built data worker. It lies beside the trainer's entry file; this module may be bundled into that file
 * or into a chunk one folder below, so both places are looked at.
 */
export function locateDataWorker(from: string = import.meta.url): URL {
  const places = ['./data-worker.js', '../data-worker.js'].map((path) => new URL(path, from))
  const found = places.find((place) => existsSync(place))
  if (found) return found
  throw new TandemError({
    code: 'not-built',
    message: `data-worker.js is missing beside the trainer (looked at ${places.map((place) => place.pathname).join(', ')})`,
    hint: 'Build Tandem first: npm run build.',
  })
}
