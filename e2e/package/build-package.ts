import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fingerprint } from '../../scripts/bootstrap/fingerprint.mjs'
import { withLock } from '../../scripts/bootstrap/lock.mjs'
import { electronFolder } from '../electron/electron-22/electron-folder.mjs'
import type { TestElectron } from '../electron/find-electron.js'
import { ownLaneFolder } from '../electron/prepare-app.js'

const clone = fileURLToPath(new URL('../..', import.meta.url))

export interface Installers {
  deb: string
  tarGz: string
}

/**
 * The installers that `npm run package` makes, packed for speed: around the Electron that tests run in, with the app
 * built for it. Made anew where their sources have changed.
 */
export async function buildPackage({ path, kind }: TestElectron): Promise<Installers> {
  const electronDist = kind === 'own' ? dirname(path) : electronFolder
  return await withLock(join(ownLaneFolder, 'package-lock'), async () => {
    const made = join(ownLaneFolder, `package-${(await sources(kind)).slice(0, 12)}`)
    const found = await installersIn(made)
    if (found !== null) return found
    await removeOthers()
    // Within the clone, from where programs find their packages.
    await mkdir(join(clone, 'dist'), { recursive: true })
    const working = await mkdtemp(join(clone, 'dist', 'package-'))
    try {
      const output = join(working, 'made')
      const { packageApp } = await import('../../scripts/packaging/package-app.mjs')
      await packageApp({
        out: kind === 'own' ? join(clone, 'out') : await builtFor22(working),
        output,
        electronDist,
        installers: ['deb', 'tar.gz'],
        // Built for Electron 22, it is CommonJS.
        ...(kind === '22' && { manifest: { type: undefined } }),
        compression: 'none',
      })
      await rm(join(output, 'linux-unpacked'), { recursive: true })
      await rename(output, made)
    } finally {
      await rm(working, { recursive: true, force: true })
    }
    return (await installersIn(made)) as Installers
  })
}

async function builtFor22(folder: string): Promise<string> {
  const { buildApp } = await import('../electron/electron-22/build-app.mjs')
  await buildApp(join(folder, 'built'))
  return join(folder, 'built', 'out')
}

function sources(kind: TestElectron['kind']): Promise<string> {
  const all = [
    'src',
    'resources',
    'package.json',
    'package-lock.json',
    'scripts/packaging',
    'LICENSE',
    'NOTICE',
  ]
  return fingerprint(clone, [...all, 'e2e/electron/electron-22'], {
    ignore: (name) => /\.test\.tsx?$|\/node_modules\//.test(name),
    facts: [kind],
  })
}

async function installersIn(folder: string): Promise<Installers | null> {
  const names = await readdir(folder).catch(() => [])
  const [deb, tarGz] = ['.deb', '.tar.gz'].map((end) => names.find((name) => name.endsWith(end)))
  return deb && tarGz ? { deb: join(folder, deb), tarGz: join(folder, tarGz) } : null
}

async function removeOthers(): Promise<void> {
  for (const name of await readdir(ownLaneFolder))
    if (/^package-[0-9a-f]{12}$/.test(name)) await rm(join(ownLaneFolder, name), { recursive: true })
}
