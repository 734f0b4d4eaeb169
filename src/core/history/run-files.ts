import { stat } from 'node:fs/promises'
import { TandemError } from '../../shared/errors.js'
import type { RunLabel } from '../../shared/results/history-entry.js'
import { formatBytes } from '../../shared/text/format.js'
import { whyNotRead } from '../../shared/why-not-read.js'
import { kindByStats } from '../files/file-kind.js'
import { readBytes } from '../files/read-pieces.js'
import { formatResults, resultsUnreadable } from '../results/results-file.js'
import { type BundlePart, bundleParts } from './bundle/bundle-format.js'
import type { RunFiles } from './bundle/write-bundle.js'
import type { HeldRun } from './held-runs.js'
import type { RunFolder } from './run-folder.js'

/**
 * A run's files as they lie in its folder, byte for byte. Throws `results-unreadable`, and `bundle-too-large` for one that
 * no Tandem would take in again.
 *
 * @param recording null where the run has none of its own
 */
export async function runFiles(
  paths: Pick<RunFolder, 'results'> & { recording: string | null },
  label: RunLabel,
): Promise<RunFiles> {
  const { results, recording } = paths
  await assertOrdinary(results)
  await assertFits(results, 'results.json')
  if (recording !== null) await assertFits(recording, 'recording.jsonl')
  return {
    results: () => readBytes(results),
    recording: recording === null ? null : () => readBytes(recording),
    label,
  }
}

/** Of a run that the disk does not take. */
export function heldRunFiles(held: HeldRun, label: RunLabel): RunFiles {
  return {
    async *results() {
      yield formatResults(held.results)
    },
    async *recording() {
      for await (const recorded of held.events()) yield `${JSON.stringify(recorded)}\n`
    },
    label,
  }
}

async function assertOrdinary(results: string): Promise<void> {
  const kind = await stat(results).then(kindByStats, whyNotRead)
  if (kind !== null) throw resultsUnreadable(results, kind)
}

async function assertFits(path: string, part: BundlePart): Promise<void> {
  const bytes = (await stat(path).catch(() => null))?.size ?? 0
  const { mostBytes } = bundleParts[part]
  if (bytes <= mostBytes) return
  throw new TandemError({
    code: 'bundle-too-large',
    message: `its ${part} has ${formatBytes(bytes)}; a bundle takes ${formatBytes(mostBytes)} at most`,
    hint: 'Hand the run on as data instead: tandem report --csv, --tensorboard.',
  })
}
