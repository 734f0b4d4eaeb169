import { fileURLToPath } from 'node:url'
import { _electron, type ElectronApplication } from 'playwright-core'
import { describe } from 'vitest'
import { findElectron } from '../src/headless/start/electron-binary.js'
import { nextStep } from '../src/headless/start/next-step.js'
import { lookAround } from '../src/headless/start/surroundings.js'

const clone = fileURLToPath(new URL('..', import.meta.url))

/** Electron's program where a window can be opened, or why not. Tests fetch nothing. */
async function findDesktop(): Promise<{ path: string } | { absence: string }> {
  // `npm test` keeps tests from fetching Electron by this variable; one that is there may be used all the same.
  const { ELECTRON_OVERRIDE_DIST_PATH, CI, ...environment } = process.env
  const { platform } = process
  const userId = process.getuid?.() ?? null
  const around = lookAround({ environment, platform, isTerminal: true, userId })
  const packageDirectory = fileURLToPath(new URL('../node_modules/electron', import.meta.url))
  const step = nextStep(around, false, await findElectron({ packageDirectory, environment, platform }))
  if (step.do === 'open-desktop') return { path: step.path }
  return {
    absence: 'why' in step ? step.why : 'Electron’s program is not there; npx install-electron fetches it',
  }
}

const found = await findDesktop()

/** Tests in Electron itself: skipped, with the reason in their title, where it cannot open a window. */
export function describeOnDesktop(title: string, define: () => void): void {
  if ('absence' in found) describe.skip(`${title} (skipped: ${found.absence})`, define)
  else describe(title, { timeout: 300_000 }, define)
}

/** The built desktop app, with a history and a profile of its own in `folder`. */
export async function launchDesktop(folder: string): Promise<ElectronApplication> {
  if ('absence' in found) throw new Error(found.absence)
  return await _electron.launch({
    executablePath: found.path,
    args: [clone, `--user-data-dir=${folder}`, '--no-run'],
    env: { ...(process.env as Record<string, string>), TANDEM_DATA_DIR: folder },
  })
}
