import { BrowserWindow, type Session, session } from 'electron'
import type { ReportPorts } from '../core/export/report-ports.js'
import { TandemError } from '../shared/errors.js'
import { confineSession } from './confine-session.js'
import { pageScheme } from './page-protocol.js'

/** Longer than any report takes: a window that needs it does not answer any more. */
const longestMs = 60_000

const reportOrigin = `${pageScheme.scheme}://report`

/**
 * Prints reports with Electron's own Chromium, each in a hidden window that runs no script, keeps nothing and reaches
 * no network. What `src/core/browser/print-report.ts` is for the headless shell. The first call needs a ready app.
 */
export function createReportPrinter(): ReportPorts['print'] {
  const documents = new Map<string, string>()
  let printed = 0
  let ownSession: Session | null = null

  return async (html, signal) => {
    signal.throwIfAborted()
    ownSession ??= openSession(documents)
    const url = `${reportOrigin}/${++printed}.html`
    const window = openHiddenWindow(ownSession)
    documents.set(url, html)
    try {
      const bytes = await within(AbortSignal.any([signal, AbortSignal.timeout(longestMs)]), async () => {
        await window.loadURL(url)
        return await window.webContents.printToPDF({
          preferCSSPageSize: true,
          margins: { top: 0, bottom: 0, left: 0, right: 0 },
          printBackground: true,
          generateTaggedPDF: true,
          generateDocumentOutline: true,
        })
      })
      return { bytes, notes: [] }
    } catch (cause) {
      signal.throwIfAborted()
      throw new TandemError({
        code: 'print-failed',
        message: `the report was not printed: ${cause instanceof Error ? cause.message : String(cause)}`,
        hint: 'Export it as HTML, which any browser prints.',
      })
    } finally {
      documents.delete(url)
      window.destroy()
    }
  }
}

/** In memory alone. It serves the reports that are being printed, and nothing else. */
function openSession(documents: ReadonlyMap<string, string>): Session {
  const opened = session.fromPartition('tandem-report', { cache: false })
  confineSession(opened)
  opened.protocol.handle(pageScheme.scheme, ({ url }) => {
    const html = documents.get(url)
    if (html === undefined) return new Response(null, { status: 404 })
    return new Response(html, { headers: { 'content-type': 'text/html;charset=utf-8' } })
  })
  return opened
}

function openHiddenWindow(ownSession: Session): BrowserWindow {
  const window = new BrowserWindow({
    show: false,
    webPreferences: {
      session: ownSession,
      javascript: false,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
    },
  })
  window.webContents.on('will-navigate', (event) => event.preventDefault())
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
  return window
}

/** Rejects when the signal fires, also where Electron never answers. */
async function within<Answer>(signal: AbortSignal, ask: () => Promise<Answer>): Promise<Answer> {
  let giveUp = (): void => {}
  const givenUp = new Promise<never>((_, reject) => {
    giveUp = () => reject(signal.reason)
  })
  signal.addEventListener('abort', giveUp)
  try {
    return await Promise.race([ask(), givenUp])
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}
