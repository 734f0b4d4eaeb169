import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { recordingOf } from '../../core/history/recording-from-results.js'
import { readResults } from '../../core/results/results-file.js'
import { LiveRun } from '../../shared/live/live-run.js'
import type { Results } from '../../shared/results/results.js'

/** The results of the run that ships with Tandem. */
export async function exampleResults(): Promise<Results> {
  const folder = join(dirname(fileURLToPath(import.meta.url)), '../../../resources/recorded-runs')
  const [run = ''] = readdirSync(folder)
  return await readResults(join(folder, run, 'results.json'))
}

/** A run as a page that was there from its beginning holds it. */
export function followed(results: Results): LiveRun {
  const [first, ...rest] = recordingOf(results)
  const run = first === undefined ? null : LiveRun.begin(first.event)
  if (run === null) throw new Error('a recording begins with its run')
  for (const { event } of rest) run.apply(event)
  return run
}
