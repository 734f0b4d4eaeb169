import { access, constants } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import which from 'which'
import { TandemError } from '../../shared/errors.js'
import { npmChromium } from './npm-chromium.js'

export interface BrowserChoice {
  /** A program that someone named with `--browser`; searched first. */
  path?: string | undefined
  environment: NodeJS.ProcessEnv
  /** The folder that the Chromium from npm would be installed in. */
  npmFolder: string
}

/** A browser of Chromium's family, and where it was found. */
export interface Browser {
  path: string
  source: 'setting' | 'environment' | 'installed' | 'npm'
}

/**
 * A Chromium to drive: the one named, the one that `CHROME_PATH` names, an installed Chrome, Edge or Chromium, else
 * the one from npm where it was installed. Null where there is none.
 *
 * Throws `browser-missing` where someone named a program that is not there.
 */
export async function findBrowser({ path, environment, npmFolder }: BrowserChoice): Promise<Browser | null> {
  if (path) return { path: await named(path, '--browser'), source: 'setting' }
  const fromEnvironment = environment.CHROME_PATH
  if (fromEnvironment) return { path: await named(fromEnvironment, 'CHROME_PATH'), source: 'environment' }
  const installed = await findInstalled(environment)
  if (installed !== null) return { path: installed, source: 'installed' }
  const fromNpm = await npmChromium(npmFolder, environment)
  return fromNpm === null ? null : { path: fromNpm, source: 'npm' }
}

const programs = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
]

/** Where browsers lie on systems that do not put them on PATH. */
function usualPlaces({ LOCALAPPDATA, PROGRAMFILES, 'PROGRAMFILES(X86)': x86 }: NodeJS.ProcessEnv): string[] {
  switch (process.platform) {
    case 'darwin':
      return ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
        (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
      )
    case 'win32':
      return [PROGRAMFILES, x86, LOCALAPPDATA].flatMap((folder) =>
        folder === undefined
          ? []
          : [
              join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
              join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
            ],
      )
    default:
      return []
  }
}

async function findInstalled(environment: NodeJS.ProcessEnv): Promise<string | null> {
  for (const program of programs) {
    const found = await which(program, { path: environment.PATH ?? '', nothrow: true })
    if (found !== null) return found
  }
  for (const place of usualPlaces(environment)) if (await isExecutable(place)) return place
  return null
}

async function named(path: string, by: string): Promise<string> {
  const absolute = resolve(path)
  if (await isExecutable(absolute)) return absolute
  throw new TandemError({
    code: 'browser-missing',
    message: `${by} ${path}: there is no program that can be started`,
    hint: 'Name a Chrome, Edge or Chromium, or leave it out, and Tandem looks for one.',
  })
}

async function isExecutable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
