import { join } from 'node:path'
import { ensurePackages } from '../bootstrap/dependencies.mjs'
import { findEngine } from '../bootstrap/engine.mjs'
import { withLock } from '../bootstrap/lock.mjs'
import { say } from '../bootstrap/progress.mjs'
import { root } from '../bootstrap/root.mjs'
import { SetUpError } from '../bootstrap/set-up-error.mjs'

/**
 * What tests find in their environment: the TensorFlow engine, or why there is none. Electron's own download
 * is kept from starting when a test imports it.
 *
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
export async function testEnvironment() {
  // Tests that load native code also run in Node 24, which is inside Electron.
  await installBeside('node-24', 'Node 24 for the tests')
  // Tests in a browser take an installed one first, and this one else; there is one for Linux x64 alone.
  if (process.platform === 'linux' && process.arch === 'x64')
    await installBeside('chromium', 'Chromium for the tests')
  const environment = { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: join(root, 'no-electron-in-tests') }
  const engine = await findEngine(root)
  return engine.directory === null
    ? { ...environment, TANDEM_TEST_NO_TENSORFLOW_REASON: engine.reason }
    : { ...environment, TANDEM_TENSORFLOW_DIR: engine.directory }
}

/**
 * Packages that only tests need, in a project of their own; without them, tests are skipped.
 *
 * @param {string} name of the folder in `scripts`
 * @param {string} what names the packages in messages
 */
async function installBeside(name, what) {
  try {
    await withLock(join(root, '.bootstrap', `${name}-lock`), (shareLock) =>
      ensurePackages(join(root, 'scripts', name), what, shareLock),
    )
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error
    say(`going on without ${what}: ${error.message}`)
  }
}
