import { extname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { isRunId } from '../core/history/run-folder.js'

/** What the system asks the app to open: a double click, something dropped on its icon, a link. */
export const openRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), path: z.string().min(1).max(4_096) }),
  /** A run of the history. */
  z.object({ kind: z.literal('run'), runId: z.string().refine(isRunId) }),
])
export type OpenRequest = z.infer<typeof openRequestSchema>

/** The app's own scheme of addresses: `tandem://run/20260131-142530-9f3a1c`. */
export const linkScheme = 'tandem'

/** By their names, so that the folder of an app that is being developed is not taken for a document. */
const documentNames = new Set(['.tandem', '.json', '.py'])

/**
 * What a program's arguments ask it to open; switches and whatever else there is, are not looked at.
 *
 * @param workingDirectory where it was started, which is not where the app that runs already was
 */
export function readOpenRequests(args: readonly string[], workingDirectory: string): OpenRequest[] {
  return args
    .filter((argument) => !argument.startsWith('-'))
    .map((argument) => requestOf(argument, workingDirectory))
    .filter((request) => request !== null)
}

/** What a link of the app's own asks for. Null where it asks for nothing that there is: a link starts nothing. */
export function readLink(link: string): OpenRequest | null {
  if (!URL.canParse(link)) return null
  const { protocol, host, pathname, search, hash } = new URL(link)
  const runId = pathname.slice(1)
  const isPlain = search === '' && hash === ''
  const asksForRun = protocol === `${linkScheme}:` && host === 'run' && isPlain && isRunId(runId)
  return asksForRun ? { kind: 'run', runId } : null
}

function requestOf(argument: string, workingDirectory: string): OpenRequest | null {
  if (argument.startsWith(`${linkScheme}:`)) return readLink(argument)
  const path = pathOf(argument)
  if (path === null || !documentNames.has(extname(path).toLowerCase())) return null
  return { kind: 'file', path: resolve(workingDirectory, path) }
}

/** Desktops hand over either paths or addresses of files. */
function pathOf(argument: string): string | null {
  if (!argument.startsWith('file:')) return argument
  try {
    return fileURLToPath(argument)
  } catch {
    return null
  }
}
