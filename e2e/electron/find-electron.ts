import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import which from 'which'
import { findElectron as findInstalledElectron } from '../../src/headless/start/electron-binary.js'
import { electronFolder, hasElectron, hasPolyfills } from './electron-22/electron-folder.mjs'
import { succeedsAsUser } from './ordinary-user.js'

/** An Electron to run the app in. */
export interface TestElectron {
  path: string
  /** `own`: the one that the app is made for, and the app runs unchanged. `22`: see `electron-22/README.md`. */
  kind: 'own' | '22'
}

/** The Electron that tests run in, or what is missing for them. Nothing is fetched: `npm test` has done so. */
export async function findElectron(): Promise<TestElectron | { absence: string }> {
  if (process.platform !== 'linux') return { absence: 'these tests need Linux, for a display of their own' }
  const electron = (await findOwnElectron()) ?? (await findElectron22())
  if ('absence' in electron) return electron
  const absence = (await missingPrograms()) ?? missingLibraries(electron.path) ?? missingSandbox()
  return absence === null ? electron : { absence }
}

async function findOwnElectron(): Promise<TestElectron | null> {
  // `npm test` keeps tests from fetching Electron by this variable; one that is there may be used all the same.
  const { ELECTRON_OVERRIDE_DIST_PATH, ...environment } = process.env
  const packageDirectory = fileURLToPath(new URL('../../node_modules/electron', import.meta.url))
  const found = await findInstalledElectron({ packageDirectory, environment, platform: process.platform })
  return found.status === 'installed' ? { path: found.path, kind: 'own' } : null
}

async function findElectron22(): Promise<TestElectron | { absence: string }> {
  if (process.arch !== 'x64')
    return { absence: 'Electron’s program is not there, and Electron 22 is for x64' }
  if ((await hasElectron()) && (await hasPolyfills()))
    return { path: join(electronFolder, 'electron'), kind: '22' }
  const why = process.env.TANDEM_TEST_NO_ELECTRON_REASON
  return { absence: why ?? '`npm test` or `npm run e2e:desktop` has not fetched Electron yet' }
}

async function missingPrograms(): Promise<string | null> {
  for (const [program, debianPackage] of [
    ['Xvfb', 'xvfb'],
    ['setpriv', 'util-linux'],
  ] as const) {
    if ((await which(program, { nothrow: true })) === null)
      return `${program} is not there (Debian: ${debianPackage})`
  }
  return null
}

/** Opened when Electron runs, which ends without a word where it is missing (Debian: libx11-xcb1). */
const openedLater = 'libX11-xcb.so.1'
const libraryFolders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/lib']

function missingLibraries(program: string): string | null {
  const listed = execFileSync('ldd', [program], { encoding: 'utf8' })
  const missing = [...listed.matchAll(/^\s*(\S+) => not found$/gm)].map(([, library]) => library)
  if (!libraryFolders.some((folder) => existsSync(join(folder, openedLater)))) missing.push(openedLater)
  return missing.length === 0 ? null : `Electron lacks ${missing.join(', ')}`
}

/** Tests never switch Chromium's sandbox off, which needs namespaces of the kernel. */
function missingSandbox(): string | null {
  if (succeedsAsUser('unshare', '--user', '--map-root-user', 'true')) return null
  return 'Chromium’s sandbox needs user namespaces, which this system forbids'
}
