import type { BrowserContext, BrowserContextOptions } from 'playwright-core'
import { TandemError } from '../../shared/errors.js'
import type { PrintedReport } from '../export/report-ports.js'
import { makeBrowserFolder, removeBrowserFolder, sweepBrowserFolders } from './browser-folder.js'
import { type BrowserChoice, findBrowser } from './find-browser.js'
import { launchInFolder, runsWithoutSandbox } from './launch-browser.js'

/** Longer than any report takes: a browser that needs it does not answer any more. */
const longestMs = 60_000

const withoutSandbox =
  'Chromium printed this report without its sandbox, which it refuses to root; scripts and network were off.'

/**
 * Prints a report with a browser of its own, in which no script runs and nothing reaches a network. `signal` ends it.
 *
 * Throws `browser-missing` where someone named a program that is not there, `browser-not-found` where there is none,
 * `browser-not-started` and `print-failed`; what `signal` says once it has fired.
 */
export async function printReport(
  html: string,
  choice: BrowserChoice,
  signal: AbortSignal,
): Promise<PrintedReport> {
  const found = await findBrowser(choice)
  if (found === null) throw noBrowser()
  signal.throwIfAborted()
  await sweepBrowserFolders()
  const folder = await makeBrowserFolder()
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(longestMs)])
  let browser: BrowserContext | null = null
  const end = (): void => void browser?.close()
  deadline.addEventListener('abort', end)
  try {
    browser = await launchInFolder(found.path, folder, shutIn)
    deadline.throwIfAborted()
    return { bytes: await print(browser, html), notes: runsWithoutSandbox() ? [withoutSandbox] : [] }
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof TandemError) throw cause
    const why = deadline.aborted ? `it took more than ${longestMs / 1000} s` : firstLine(cause)
    throw new TandemError({
      code: 'print-failed',
      message: `${found.path} did not print the report: ${why}`,
      hint: 'Name another Chrome, Edge or Chromium with --browser or CHROME_PATH.',
    })
  } finally {
    deadline.removeEventListener('abort', end)
    await browser?.close()
    await removeBrowserFolder(folder)
  }
}

const shutIn: BrowserContextOptions = {
  javaScriptEnabled: false,
  offline: true,
  serviceWorkers: 'block',
  colorScheme: 'light',
}

async function print(context: BrowserContext, html: string): Promise<Uint8Array> {
  // An embedded page in a process of its own is told that it is offline too late to heed it.
  await context.route('**/*', (route) => route.abort())
  const page = await context.newPage()
  await page.setContent(html, { waitUntil: 'load' })
  return await page.pdf({ preferCSSPageSize: true, printBackground: true, tagged: true, outline: true })
}

function noBrowser(): TandemError {
  const isOnNpm = process.platform === 'linux' && process.arch === 'x64'
  const npm = isOnNpm ? ', or fetch one from npm: npm ci --prefix scripts/chromium' : '.'
  return new TandemError({
    code: 'browser-not-found',
    message: 'a PDF needs Chrome, Edge or Chromium, and none was found',
    hint: `Install one, name one with --browser or CHROME_PATH${npm}`,
  })
}

function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause)
  return text.split('\n')[0] ?? text
}
