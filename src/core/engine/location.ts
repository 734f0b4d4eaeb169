import { join } from 'node:path'
import { cacheFolder } from '../cache-folder.js'
import type { EngineFlavour } from './release.js'

/** Which of the places it was found in, in the order in which they are searched. */
export type EngineSource = 'setting' | 'environment' | 'engine-folder' | 'python'

/** A libtensorflow that a trainer can load. */
export interface EngineLocation {
  /** Holds both libraries (`libraryNames`). */
  directory: string
  /** null where only loading it would tell: a folder that someone named, without package metadata. */
  version: string | null
  source: EngineSource
  flavour: EngineFlavour
}

/** A place that was searched in vain, and why. */
export interface EngineAttempt {
  source: EngineSource
  /** The folder or program; for a source that is not set, its name. */
  place: string
  reason: string
}

/** Tandem's own engine folder: the only one that it ever writes to or removes. */
export function engineFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return join(cacheFolder(environment), 'engine')
}
