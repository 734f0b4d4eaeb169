import { join } from 'node:path'
import type { BrowserContext, BrowserContextOptions, Browser as BrowserProcess } from 'playwright-core'
import { TandemError } from '../../shared/errors.js'

/** Debian's packages of libraries that a Chromium from npm finds missing on a bare system. */
const debianPackages: Record<string, string> = {
  'libnss3.so': 'libnss3',
  'libnssutil3.so': 'libnss3',
  'libnspr4.so': 'libnspr4',
  'libexpat.so.1': 'libexpat1',
  'libglib-2.0.so.0': 'libglib2.0-0',
  'libdbus-1.so.3': 'libdbus-1-3',
  'libgbm.so.1': 'libgbm1',
  'libasound.so.2': 'libasound2',
}

/** Whether Chromium must give up its sandbox: it refuses to run as root with it. */
export function runsWithoutSandbox(): boolean {
  return process.getuid?.() === 0
}

/**
 * Starts a browser without a window. It talks to nobody by itself: no updates, no look-ups. The caller closes it.
 *
 * Throws `browser-not-started` with what it lacks and how to get it.
 */
export async function launchBrowser(path: string): Promise<BrowserProcess> {
  // Loaded with the first browser: it takes longer to load than all the rest of the command line.
  const { chromium } = await import('playwright-core')
  return await chromium.launch(launchOptions(path)).catch((cause: unknown) => {
    throw notStarted(path, cause)
  })
}

/**
 * As `launchBrowser`, for one context; all that it leaves on the disk is in `folder`. The caller closes the context, which
 * ends the browser, and removes the folder.
 */
export async function launchInFolder(
  path: string,
  folder: string,
  options: BrowserContextOptions,
): Promise<BrowserContext> {
  const { chromium } = await import('playwright-core')
  const profile = join(folder, 'profile')
  const places = { artifactsDir: folder, env: { ...process.env, TMPDIR: folder } }
  return await chromium
    .launchPersistentContext(profile, { ...launchOptions(path), ...options, ...places })
    .catch((cause: unknown) => {
      throw notStarted(path, cause)
    })
}

function launchOptions(path: string) {
  return {
    executablePath: path,
    headless: true,
    chromiumSandbox: !runsWithoutSandbox(),
    // Tandem decides how it ends when it is interrupted; with the pipe to it a browser ends by itself.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: ['--disable-quic', '--font-render-hinting=none'],
  }
}

function notStarted(path: string, cause: unknown): TandemError {
  const text = cause instanceof Error ? cause.message : String(cause)
  const library = /error while loading shared libraries: (\S+):/.exec(text)?.[1]
  if (library !== undefined) {
    const debian = debianPackages[library]
    return new TandemError({
      code: 'browser-not-started',
      message: `${path} lacks the library ${library}`,
      hint:
        debian === undefined
          ? 'Install the package of your system that holds it.'
          : `On Debian or Ubuntu: apt-get install ${debian}`,
    })
  }
  const [line] = text.split('\n').filter((candidate) => candidate.trim() !== '')
  return new TandemError({
    code: 'browser-not-started',
    message: `${path} could not be started: ${line ?? 'it gave no reason'}`,
    hint: 'Name another Chrome, Edge or Chromium with CHROME_PATH.',
  })
}
