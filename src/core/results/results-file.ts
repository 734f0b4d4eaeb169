import { TandemError } from '../../shared/errors.js'
import { type Results, resultsSchema, resultsVersion } from '../../shared/results/results.js'
import { summarise } from '../../shared/results/summary.js'
import { readTextFile } from '../files/read-text-file.js'
import { findContradiction } from './check-results.js'
import { migrateResults } from './migrate-results.js'
import { OutputFile } from './output-file.js'

/** Writes a run's results again and again while they grow, each time complete and valid. */
export class ResultsFile {
  private constructor(private readonly file: OutputFile) {}

  /** Checks before a run that its results will have a place. Throws `output-not-writable`. */
  static async open(path: string): Promise<ResultsFile> {
    return new ResultsFile(await OutputFile.open(path, '--output-file'))
  }

  get path(): string {
    return this.file.path
  }

  /** Throws `output-not-written`. */
  async write(results: Results): Promise<void> {
    await this.file.write(formatResults(results))
  }
}

/** The document as it stands in its file. Throws where it is none. */
export function formatResults(results: Results): string {
  return `${JSON.stringify(resultsSchema.parse(results), null, 2)}\n`
}

/**
 * Reads a results document. Throws `results-unreadable` for a file that cannot be read, `results-invalid`
 * for one that is not a results document, `results-too-new` for one of a later Tandem; all name the file.
 */
export async function readResults(path: string, signal?: AbortSignal): Promise<Results> {
  return parseResults(await readResultsText(path, signal), path)
}

/** More than any run writes, and what fits the longest text that JavaScript has. */
export const longestResultsBytes = 400 * 1024 * 1024

/** The text of a file that may be a results document. Throws `results-unreadable`. */
export async function readResultsText(path: string, signal?: AbortSignal): Promise<string> {
  return await readTextFile(path, {
    longestBytes: longestResultsBytes,
    signal,
    refuse: (why) => resultsUnreadable(path, why),
  })
}

/** Of a file that cannot be read. `why` in words that follow its name: `it is a folder`. */
export function resultsUnreadable(path: string, why: string): TandemError {
  return new TandemError({
    code: 'results-unreadable',
    message: `${path} cannot be read: ${why}`,
    hint: 'Name a results.json of a run.',
  })
}

/**
 * As `readResults`, for text that came from `path`. An older document is migrated. Figures that derive from epochs are
 * derived again, so that no view shows one that its epochs do not bear out.
 */
export function parseResults(text: string, path: string): Results {
  return parseDocument(text, path).results
}

/** As `parseResults`; also whether the text is of the present version, so that it needs no writing anew. */
export function parseDocument(text: string, path: string): { results: Results; isCurrent: boolean } {
  const document = parseJson(text, path)
  const format = field(document, 'format')
  if (format !== 'tandem-results') {
    throw invalid(path, `it is not a Tandem results document (format: ${JSON.stringify(format)})`)
  }
  const version = field(document, 'version')
  if (typeof version === 'number' && version > resultsVersion) {
    throw new TandemError({
      code: 'results-too-new',
      message: `${path} has version ${version}; this Tandem reads version ${resultsVersion}`,
      hint: 'Read it with a newer Tandem.',
    })
  }
  const parsed = resultsSchema.safeParse(migrateResults(document as object))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw invalid(path, `${issue?.path.join('.')}: ${issue?.message}`)
  }
  const results = { ...parsed.data, measurements: summarise(parsed.data.measurements) }
  const contradiction = findContradiction(results)
  if (contradiction !== null) throw invalid(path, contradiction)
  return { results, isCurrent: version === resultsVersion }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalid(path, whyNoJson(text, error))
  }
}

/** The parser's own words quote the file, whatever is in it. */
function whyNoJson(text: string, error: unknown): string {
  if (text.startsWith('{"atMs":')) return 'it is the recording of a run; its results.json lies beside it'
  if (/^\s*</.test(text)) return 'it is a page (HTML or XML)'
  const [, position] = /position (\d+)/.exec(error instanceof Error ? error.message : '') ?? []
  const where = position === undefined ? '' : ` (character ${position})`
  return `it is not JSON, or only the beginning of it${where}`
}

function field(document: unknown, name: 'format' | 'version'): unknown {
  if (typeof document !== 'object' || document === null) return undefined
  return (document as Record<string, unknown>)[name]
}

function invalid(path: string, why: string): TandemError {
  return new TandemError({
    code: 'results-invalid',
    message: `${path} cannot be used: ${why}`,
    hint: 'Name a results.json that `tandem run` wrote.',
  })
}
