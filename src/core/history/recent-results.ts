import { stat } from 'node:fs/promises'
import type { Results } from '../../shared/results/results.js'
import { Recent } from '../recent.js'
import type { RunHistory } from './run-history.js'

/** Of the file: parsed, a run takes some times as much memory. */
const mostKeptBytes = 64 * 2 ** 20

const keptMs = 60_000

/** Reads results as `RunHistory.results` does, those of the last run once for as long as its file stays as it is. */
export function recentResults(
  history: Pick<RunHistory, 'results' | 'folder' | 'held'>,
): (runId: string, signal: AbortSignal) => Promise<Results> {
  const recent = new Recent<Results>(keptMs)
  return async (runId, signal) => {
    const version = history.held.get(runId) === undefined ? await versionOf(history, runId) : null
    if (version === null) return await history.results(runId, signal)
    // Others may wait for the same reading, so one page that leaves does not end it.
    const results = await recent.get(version, () => history.results(runId))
    signal.throwIfAborted()
    return results
  }
}

/** Another one for every state of the file; null for one that is not there, or too large to be kept. */
async function versionOf(history: Pick<RunHistory, 'folder'>, runId: string): Promise<string | null> {
  const { results } = await history.folder(runId)
  const found = await stat(results).catch(() => null)
  if (found === null || found.size > mostKeptBytes) return null
  return [results, found.ino, found.size, found.mtimeMs].join(' ')
}
