import { type Results, resultsSchema, resultsVersion } from '../shared/results.js'

/** A file that someone opened: the results in it, or what is wrong with it, in lines a person can act on. */
export type ReadResults =
  | { ok: true; fileName: string; results: Results }
  | { ok: false; fileName: string; problems: string[] }

/** More than this many lines about one file help nobody. */
const shownProblems = 5

/** Reads the text of a `results.json` as `tandem run` writes it. */
export function readResults(fileName: string, text: string): ReadResults {
  const document = parseJson(text)
  if (document === undefined) {
    return refuse(fileName, ['It is not JSON. Open the file that `tandem run --output-file` wrote.'])
  }
  if (fieldOf(document, 'format') !== 'tandem-results') {
    return refuse(fileName, ['It is JSON, but not results of Tandem: its "format" is not "tandem-results".'])
  }
  const version = fieldOf(document, 'version')
  if (version !== resultsVersion) {
    const wanted = `this Tandem reads version ${resultsVersion}`
    return refuse(fileName, [`Its format is version ${JSON.stringify(version) ?? 'unknown'}; ${wanted}.`])
  }
  const parsed = resultsSchema.safeParse(document)
  if (parsed.success) return { ok: true, fileName, results: parsed.data }
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  const more = problems.length - shownProblems
  return refuse(fileName, more > 0 ? [...problems.slice(0, shownProblems), `and ${more} more`] : problems)
}

function refuse(fileName: string, problems: string[]): ReadResults {
  return { ok: false, fileName, problems }
}

/** undefined where the text is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function fieldOf(document: unknown, name: string): unknown {
  return typeof document === 'object' && document !== null
    ? (document as Record<string, unknown>)[name]
    : undefined
}
