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
  await installNode24()
  const environment = { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: join(root, 'no-electron-in-tests') }
  const engine = await findEngine(root)
  return engine.directory === null
    ? { ...environment, TANDEM_TEST_NO_TENSORFLOW_REASON: engine.reason }
    : { ...environment, TANDEM_TENSORFLOW_DIR: engine.directory }
}

/** Tests that load native code also run in Node 24, which is inside Electron; without it they are skipped. */
async function installNode24() {
  const folder = join(root, 'scripts', 'node-24')
  try {
    await withLock(join(root, '.bootstrap', 'node-24-lock'), (shareLock) =>
      ensurePackages(folder, 'Node 24 for the tests', shareLock),
    )
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error
    say(`going on without Node 24: ${error.message}`)
  }
}
