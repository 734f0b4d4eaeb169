import { constants } from 'node:fs'
import { access, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { failedLately } from '../../core/failure-memory.js'
import type { ElectronState } from './next-step.js'

/** Set by the `tandem` of a package, which is the desktop app's own program: that is what opens the window. */
export const desktopProgramVariable = 'TANDEM_DESKTOP_PROGRAM'

export interface ElectronSearch {
  /** The installed package `electron`. */
  packageDirectory: string
  environment: NodeJS.ProcessEnv
  platform: NodeJS.Platform
}

/** Finds the program of the installed package `electron`, without loading the package, which would fetch it. */
export async function findElectron(search: ElectronSearch): Promise<ElectronState> {
  const { packageDirectory, environment } = search
  const packaged = environment[desktopProgramVariable]
  if (packaged) return { status: 'installed', path: packaged }
  const read = (name: string) => readFile(join(packageDirectory, name), 'utf8').catch(() => null)
  const manifest = await read('package.json')
  if (manifest === null) return unavailable('the package electron is not installed')
  const { version } = JSON.parse(manifest) as { version: string }
  const program = (await read('path.txt')) ?? programOf(search.platform)
  const override = environment.ELECTRON_OVERRIDE_DIST_PATH
  if (override) {
    const path = join(override, program)
    if (await isProgram(path)) return { status: 'installed', path }
    return unavailable('ELECTRON_OVERRIDE_DIST_PATH names a folder without it')
  }
  const path = join(packageDirectory, 'dist', program)
  const unpacked = (await read(join('dist', 'version')))?.trim().replace(/^v/, '')
  if (unpacked === version && (await isProgram(path))) return { status: 'installed', path }
  if (environment.ELECTRON_SKIP_BINARY_DOWNLOAD) return unavailable('ELECTRON_SKIP_BINARY_DOWNLOAD is set')
  if (!(await failedLately('electron-fetch', environment))) return { status: 'missing' }
  return unavailable(
    'the download failed within the last hour; `npx install-electron` in the clone tries again at once',
  )
}

function unavailable(why: string): ElectronState {
  return { status: 'unavailable', why }
}

/** Within what was unpacked, where Electron has not yet left a note of it. */
function programOf(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron'
  return platform === 'win32' ? 'electron.exe' : 'electron'
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}
