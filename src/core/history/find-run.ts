import { stat } from 'node:fs/promises'
import { TandemError } from '../../shared/errors.js'
import { formatList } from '../../shared/format.js'
import type { HistoryEntry } from '../../shared/history-entry.js'
import { type ComparedRun, comparedRun } from '../../shared/run-comparison/compared-run.js'
import { readResults } from '../results/results-file.js'
import type { RunHistory } from './run-history.js'

/** How many runs an ambiguous word is answered with. */
const mostNamed = 4

/**
 * The run of the history that someone means: `latest`, `baseline`, its id, the beginning or the end of its id, or its
 * name in any case. Throws `run-missing`, `run-too-new`, `run-ambiguous` where several are meant alike, and
 * `baseline-missing`.
 */
export async function findRun(history: RunHistory, text: string): Promise<HistoryEntry> {
  const runs = await history.list()
  const wanted = text.trim().toLowerCase()
  if (wanted === 'baseline')
    return one(
      text,
      runs.filter(({ isBaseline }) => isBaseline),
      noBaseline,
    )
  if (wanted === 'latest') return one(text, runs.slice(0, 1))
  const exact = runs.filter(({ runId }) => runId === wanted)
  const named = runs.filter(({ label: { name } }) => name?.toLowerCase() === wanted)
  const partly = runs.filter(({ runId }) => isPartOf(wanted, runId))
  // Which the list leaves out, and which then says so itself.
  if (exact.length === 0 && (await history.ofLaterVersion()).includes(wanted)) await history.entry(wanted)
  return one(text, [exact, named, partly].find(({ length }) => length > 0) ?? [])
}

/** The run of a `results.json`, where `text` is the path of one, else that which `findRun` finds. Throws as these. */
export async function readComparedRun(history: RunHistory, text: string): Promise<ComparedRun> {
  if (await isFile(text)) return comparedRun(await readResults(text))
  return await readRunToCompare(history, (await findRun(history, text)).runId)
}

/** A run of the history, by its id. Throws as `RunHistory.results`. */
export async function readRunToCompare(history: RunHistory, runId: string): Promise<ComparedRun> {
  // First: of a run that is not there, that is to be said, not that its file cannot be read.
  const { label } = await history.summary(runId)
  return comparedRun(await history.results(runId), label.name)
}

/** A path that leads nowhere is still a path: the error should name it as one. */
async function isFile(text: string): Promise<boolean> {
  return /[\\/]|\.json$/i.test(text) || (await stat(text).catch(() => null))?.isFile() === true
}

function isPartOf(wanted: string, runId: string): boolean {
  return wanted.length >= 4 && (runId.startsWith(wanted) || runId.endsWith(wanted))
}

function one(text: string, found: readonly HistoryEntry[], whyNone = missing): HistoryEntry {
  const [first, ...others] = found
  if (first === undefined) throw whyNone(text)
  if (others.length > 0) throw ambiguous(text, found)
  return first
}

function missing(text: string): TandemError {
  return new TandemError({
    code: 'run-missing',
    message: `there is no run ${text} in the history`,
    hint: 'tandem history list shows all; a run goes by its id, a part of it, or its name.',
  })
}

function noBaseline(): TandemError {
  return new TandemError({
    code: 'baseline-missing',
    message: 'no run is pinned as the baseline',
    hint: 'Pin one with tandem history pin, or name two runs.',
  })
}

function ambiguous(text: string, found: readonly HistoryEntry[]): TandemError {
  const ids = found.slice(0, mostNamed).map(({ runId }) => runId)
  const more = found.length > mostNamed ? `, and ${found.length - mostNamed} more` : ''
  return new TandemError({
    code: 'run-ambiguous',
    message: `${text} is more than one run: ${formatList(ids)}${more}`,
    hint: 'Name it by its id.',
  })
}
