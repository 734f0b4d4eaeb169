import { basename } from 'node:path'
import { readResultsText } from '../results/results-file.js'
import type { RunHistory } from './run-history.js'

/** Imports the results file at `path`. Returns the run's id. Throws as `readResults` and `RunHistory.import`. */
export async function importResultsFile(history: RunHistory, path: string): Promise<string> {
  return await history.import({ fileName: basename(path), text: await readResultsText(path) })
}
