import { dirname } from 'node:path'
import type { EngineLocation } from './location.js'
import { findWrongContent, readManifest } from './manifest.js'

/** `unknown`: another program installed it, so Tandem has no record to hold it against. */
export type Verification = { outcome: 'intact' | 'unknown' } | { outcome: 'damaged'; problem: string }

/** Reads every byte of an engine that Tandem installed and compares it with what was published. */
export async function verifyEngine(engine: EngineLocation, signal?: AbortSignal): Promise<Verification> {
  if (engine.source !== 'engine-folder') return { outcome: 'unknown' }
  const folder = dirname(engine.directory)
  const manifest = await readManifest(folder)
  if (manifest === null) return { outcome: 'damaged', problem: 'its manifest cannot be read' }
  const problem = await findWrongContent(folder, manifest.files, { signal })
  return problem === null ? { outcome: 'intact' } : { outcome: 'damaged', problem }
}
