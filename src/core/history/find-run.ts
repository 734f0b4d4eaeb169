import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { TandemError } from '../../shared/errors.js'
import type { HistoryEntry } from '../../shared/results/history-entry.js'
import { type ComparedRun, comparedRun } from '../../shared/run-comparison/compared-run.js'
import { formatList } from '../../shared/text/format.js'
import { readResults } from '../results/results-file.js'
import type { RunHistory } from './run-history.js'

/** How many runs an ambiguous word is answered with. */
const mostNamed = 4

/**
 * The run of the history that someone means: `latest`, `baseline`, its id, a part of its id that no other has, or its name
 * in any case. One that ships with Tandem goes by its id too. Throws `run-missing`, `run-too-new`, `run-ambiguous` where
 * several are meant alike, and `baseline-missing`.
 */
export async function findRun(history: RunHistory, text: string): Promise<HistoryEntry> {
  const runs = await history.list()
  const wanted = text.trim().toLowerCase()
  if (wanted === 'baseline') {
    const baseline = runs.find(({ isBaseline }) => isBaseline)
    if (baseline === undefined) throw noBaseline()
    return baseline
  }
  const [latest] = runs
  if (wanted === 'latest') {
    if (latest === undefined) throw noneYet()
    return latest
  }
  // Which the list leaves out, and which then says so itself.
  if ((await history.ofLaterVersion()).includes(wanted)) return await history.entry(wanted)
  const all = [...runs, ...(await history.listExamples(runs))]
  const exact = all.filter(({ runId }) => runId === wanted)
  const named = all.filter(({ label: { name } }) => name?.toLowerCase() === wanted)
  const partly = wanted.length < leastOfId ? [] : all.filter(({ runId }) => runId.includes(wanted))
  const [found, ...others] = [exact, named, partly].find(({ length }) => length > 0) ?? []
  if (found === undefined) throw await missing(text, runs)
  if (others.length > 0) throw ambiguous(text, [found, ...others])
  return found
}

/** Of an id, in characters: fewer would be meant by accident. */
const leastOfId = 4

/**
 * The results file that someone means: a path, or the folder that holds a `results.json`. Null for what is no path. A path
 * that leads nowhere, or to another folder, is still one, so that it is named as one.
 */
export async function resultsPath(text: string): Promise<string | null> {
  const found = await stat(text).catch(() => null)
  if (found?.isDirectory() === true) {
    const inside = join(text, 'results.json')
    return existsSync(inside) ? inside : text
  }
  return found?.isFile() === true || isPath(text) ? text : null
}

function isPath(text: string): boolean {
  return /[\\/]|\.json$/i.test(text)
}

/** The run of a `results.json`, where `text` is the path of one, else that which `findRun` finds. Throws as these. */
export async function readComparedRun(history: RunHistory, text: string): Promise<ComparedRun> {
  const path = await resultsPath(text)
  if (path !== null) return comparedRun(await readResults(path))
  return await readRunToCompare(history, (await findRun(history, text)).runId)
}

/** A run of the history, by its id. Throws as `RunHistory.results`. */
export async function readRunToCompare(history: RunHistory, runId: string): Promise<ComparedRun> {
  // First: of a run that is not there, that is to be said, not that its file cannot be read.
  const { label } = await history.summary(runId)
  return comparedRun(await history.results(runId), label.name)
}

/** The flag of `tandem report` that writes files of a kind. */
const writtenBy: Readonly<Record<string, string>> = {
  '.pdf': '--pdf',
  '.html': '--html',
  '.htm': '--html',
  '.md': '--markdown',
}

/** What the word could have been instead: a file, a place to write to, less than a part of an id; and what there is. */
async function missing(text: string, runs: readonly HistoryEntry[]): Promise<TandemError> {
  const [latest] = runs
  const problem = (message: string, hint: string): TandemError =>
    new TandemError({ code: 'run-missing', message, hint })
  if ((await resultsPath(text)) !== null) {
    return problem(
      `${text} is a file; this takes a run of the history`,
      `Take it into the history first: tandem history import ${text}`,
    )
  }
  const flag = writtenBy[extname(text).toLowerCase()]
  if (flag !== undefined) {
    return problem(
      `there is no run ${text} in the history; a file to write to follows a flag`,
      `Most likely: tandem report ${flag} ${text}`,
    )
  }
  const isShort = text.trim().length < leastOfId && runs.some(({ runId }) => runId.includes(text.trim()))
  const shows =
    'tandem history list shows all; a run goes by its id, a part of it, its name, latest or baseline.'
  return problem(
    `there is no run ${text} in the history, and no file of that name`,
    isShort
      ? `A part of an id has ${leastOfId} characters or more.`
      : latest === undefined
        ? 'There is none yet. Make one: tandem run --preset quick'
        : `The latest is ${latest.runId}. ${shows}`,
  )
}

function noneYet(): TandemError {
  return new TandemError({
    code: 'run-missing',
    message: 'there is no run in the history yet',
    hint: 'Make one: tandem run --preset quick',
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
    hint: 'Name more of its id.',
  })
}
