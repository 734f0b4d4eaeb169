// @ts-nocheck: its packages are installed only where installers are made.
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { SetUpError } from '../bootstrap/set-up-error.mjs'
import { builderConfig } from './builder-config.mjs'
import { makeDeb, makeTarGz, sizeOf } from './package-linux.mjs'
import { stageApp } from './stage-app.mjs'

/**
 * Makes the app's folder for this system and, on Linux, its installers, without a download.
 *
 * @param {object} parts
 * @param {string} parts.out the built programs
 * @param {string} parts.output where everything goes
 * @param {string} parts.electronDist an unpacked Electron, with its file `version`
 * @param {('deb' | 'tar.gz')[]} parts.installers for Linux
 * @param {Record<string, string | undefined>} [parts.manifest] what the app's package.json says otherwise
 * @param {string[]} [parts.targets] more of electron-builder's, which may want downloads: AppImage, dmg, nsis
 * @param {'xz' | 'none'} [parts.compression] of the .deb
 * @returns {Promise<{ path: string, size: string }[]>}
 */
export async function packageApp({
  out,
  output,
  electronDist,
  installers,
  targets = [],
  manifest,
  compression = 'xz',
}) {
  const electronVersion = await readElectronVersion(electronDist)
  const app = join(output, 'app')
  await stageApp({ out, app, ...(manifest && { manifest }) })
  const folder = join(output, 'linux-unpacked')
  await rm(folder, { recursive: true, force: true })
  const { build, Platform } = await import('electron-builder')
  await build({
    projectDir: app,
    targets: Platform.current().createTarget(['dir', ...targets]),
    config: { ...builderConfig({ electronVersion, electronDist }), directories: { output } },
  })
  if (process.platform !== 'linux') return []
  const arch = process.arch === 'arm64' ? 'arm64' : 'x64'
  const shipped = JSON.parse(await readFile(join(app, 'package.json'), 'utf8'))
  const parts = { folder, output, arch, manifest: shipped, compression }
  const paths = []
  if (installers.includes('deb')) paths.push(await makeDeb(parts))
  if (installers.includes('tar.gz')) paths.push(await makeTarGz(parts))
  await rm(app, { recursive: true, force: true })
  return await Promise.all(paths.map(async (path) => ({ path, size: await sizeOf(path) })))
}

/** @param {string} electronDist */
async function readElectronVersion(electronDist) {
  try {
    return (await readFile(join(electronDist, 'version'), 'utf8')).trim().replace(/^v/, '')
  } catch {
    throw new SetUpError(
      `there is no Electron in ${electronDist}.`,
      'Fetch it with `npx install-electron`, or name a folder with an unpacked one: --electron FOLDER.',
    )
  }
}
