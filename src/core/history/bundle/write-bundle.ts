import type { RunLabel } from '../../../shared/results/history-entry.js'
import { zipped } from '../../export/zip.js'
import { labelDocument } from '../run-label.js'
import { type BundleManifest, type BundlePart, bundleVersion } from './bundle-format.js'

/** The files of a run, as they lie in its folder. */
export interface RunFiles {
  results(): AsyncIterable<Uint8Array | string>
  /** Null where the run has none. */
  recording: (() => AsyncIterable<Uint8Array | string>) | null
  label: RunLabel
}

/** The run as one file to take elsewhere, in pieces. The same run gives the same bytes each time. */
export async function* writeBundle(runId: string, files: RunFiles): AsyncGenerator<Uint8Array> {
  yield* zipped(partsOf(runId, files))
}

interface Part {
  name: BundlePart
  content: AsyncIterable<Uint8Array | string>
}

function* partsOf(runId: string, { results, recording, label }: RunFiles): Generator<Part> {
  const manifest: BundleManifest = { format: 'tandem-bundle', version: bundleVersion, runId }
  yield { name: 'bundle.json', content: text(`${JSON.stringify(manifest)}\n`) }
  yield { name: 'results.json', content: results() }
  if (recording !== null) yield { name: 'recording.jsonl', content: recording() }
  if (label.name !== null || label.notes !== '')
    yield { name: 'label.json', content: text(labelDocument(label)) }
}

async function* text(content: string): AsyncGenerator<string> {
  yield content
}
