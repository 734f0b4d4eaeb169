import { existsSync } from 'node:fs'
import { TandemError } from '../shared/errors.js'

/**
 * A built worker by its file name. It lies beside the trainer's entry file; the module that asks may be
 * bundled into that file or into a chunk one folder below, so both places are looked at.
 * @throws TandemError `not-built`
 */
export function locateWorker(fileName: string, from: string = import.meta.url): URL {
  const places = [`./${fileName}`, `../${fileName}`].map((path) => new URL(path, from))
  const found = places.find((place) => existsSync(place))
  if (found) return found
  throw new TandemError({
    code: 'not-built',
    message: `${fileName} is missing beside the trainer (looked at ${places.map((place) => place.pathname).join(', ')})`,
    hint: 'Build Tandem first: npm run build.',
  })
}
