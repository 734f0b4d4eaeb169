import { basename } from 'node:path'
import { type ErrorReport, toErrorReport } from '../shared/errors.js'
import type { OpenRequest } from './open-request.js'

export interface OpenerPorts {
  /** Takes a document into the history, and resolves to its run. */
  importDocument(path: string): Promise<string>
  /** Rejects where there is none. */
  findRun(runId: string): Promise<unknown>
  /** One of the dashboard's screens. */
  show(screenPath: string): void
  /** To the person who asked, in a window. */
  explain(what: string, error: ErrorReport): void
}

/** Opens what the system asks for, one after another. Requests that come before the page is there wait for it. */
export interface Opener {
  open(request: OpenRequest): void
  /** The page can be shown something from now on. */
  pageIsThere(): void
}

export function createOpener(ports: OpenerPorts): Opener {
  let pageIsThere = (): void => {}
  const page = new Promise<void>((resolve) => {
    pageIsThere = resolve
  })
  let last: Promise<void> = page

  const runOf = async (request: OpenRequest): Promise<string> => {
    if (request.kind === 'file') return await ports.importDocument(request.path)
    await ports.findRun(request.runId)
    return request.runId
  }
  const openNow = async (request: OpenRequest): Promise<void> => {
    try {
      ports.show(`/results/${await runOf(request)}`)
    } catch (thrown) {
      const what = request.kind === 'file' ? basename(request.path) : 'The link'
      ports.explain(`${what} was not opened.`, toErrorReport(thrown))
    }
  }
  return {
    open(request) {
      last = last.then(() => openNow(request))
    },
    pageIsThere: () => pageIsThere(),
  }
}
