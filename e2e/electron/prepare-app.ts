import { createHash } from 'node:crypto'
import { copyFile, mkdir, readdir, rename, rm, stat, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fingerprint } from '../../scripts/bootstrap/fingerprint.mjs'
import { withLock } from '../../scripts/bootstrap/lock.mjs'
import { locateEngine } from '../../src/core/engine/locate.js'
import { buildApp } from './electron-22/build-app.mjs'
import type { TestElectron } from './find-electron.js'
import { laneFolder } from './lane-folder.mjs'
import { linkedCopy } from './linked-copy.js'
import { canBeRead, giveToUser } from './ordinary-user.js'

const clone = fileURLToPath(new URL('../..', import.meta.url))
/** Of this clone; others on the machine have their own. */
export const ownLaneFolder = join(laneFolder, createHash('sha256').update(clone).digest('hex').slice(0, 12))

const dayMs = 24 * 60 * 60_000

/** What the app needs, where the user that it runs as can read it. */
export interface PreparedApp {
  /** The folder whose package.json names the built app. */
  directory: string
  environment: Record<string, string>
}

/** The app for this Electron: as it was built, or, for Electron 22, built anew where the sources have changed. */
export async function prepareApp({ kind }: TestElectron): Promise<PreparedApp> {
  return await withLock(join(ownLaneFolder, 'lock'), async () => {
    const directory = kind === 'own' ? await ownApp() : await appForElectron22()
    const cache = join(ownLaneFolder, 'cache')
    await mkdir(cache, { recursive: true })
    giveToUser(cache)
    return { directory, environment: { TANDEM_CACHE_DIR: cache, ...(await engine()) } }
  })
}

async function ownApp(): Promise<string> {
  if (canBeRead(clone)) return clone
  const directory = join(ownLaneFolder, 'app')
  await rm(directory, { recursive: true, force: true })
  for (const name of ['out', 'resources', 'node_modules'])
    await linkedCopy(join(clone, name), join(directory, name))
  await copyFile(join(clone, 'package.json'), join(directory, 'package.json'))
  return directory
}

/** A folder for each state of the sources, so that no build takes away what other tests run. */
async function appForElectron22(): Promise<string> {
  const sources = ['src', 'resources', 'package.json', 'package-lock.json', 'e2e/electron/electron-22']
  const builtFrom = await fingerprint(clone, sources, {
    ignore: (path) => /\.test\.tsx?$|\/node_modules\//.test(path),
  })
  const directory = join(ownLaneFolder, `app-22-${builtFrom.slice(0, 12)}`)
  if (await exists(directory)) return directory
  await removeOldApps()
  const building = `${directory}.new`
  await rm(building, { recursive: true, force: true })
  await buildApp(building)
  await bringPackages(building)
  await rename(building, directory)
  return directory
}

async function removeOldApps(): Promise<void> {
  for (const name of await readdir(ownLaneFolder)) {
    const path = join(ownLaneFolder, name)
    const { mtimeMs } = await stat(path)
    if (name.startsWith('app-22-') && Date.now() - mtimeMs > dayMs) await rm(path, { recursive: true })
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}

async function bringPackages(directory: string): Promise<void> {
  const packages = join(clone, 'node_modules')
  if (canBeRead(packages)) await symlink(packages, join(directory, 'node_modules'))
  else await linkedCopy(packages, join(directory, 'node_modules'))
}

/** TensorFlow, where this machine has it; the app looks for none by itself, nor installs it. */
async function engine(): Promise<Record<string, string>> {
  const found = await locateEngine()
  if (found === null) return {}
  if (canBeRead(join(found.directory, '.'))) return { TANDEM_TENSORFLOW_DIR: found.directory }
  const reachable = join(laneFolder, 'engine', 'tensorflow')
  await linkedCopy(found.directory, reachable)
  return { TANDEM_TENSORFLOW_DIR: reachable }
}
