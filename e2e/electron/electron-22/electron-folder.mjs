import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { laneFolder } from '../lane-folder.mjs'
import { release } from './release.mjs'

/** Where Electron 22 is, once it was fetched. */
export const electronFolder = join(laneFolder, `electron-${release.version}`)

/** Whether it was fetched: the folder appears as a whole. */
export async function hasElectron() {
  return await exists(join(electronFolder, 'electron'))
}

/** Whether this clone has the packages that the app is built with for it. */
export async function hasPolyfills() {
  return await exists(fileURLToPath(new URL('node_modules/core-js', import.meta.url)))
}

/** @param {string} path */
async function exists(path) {
  return (await stat(path).catch(() => null)) !== null
}
