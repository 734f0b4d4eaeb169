import { join } from 'node:path'
import { ensureBuild, whyBuild } from './bootstrap/build.mjs'
import { Interrupted } from './bootstrap/child-process.mjs'
import { ensurePackages, whyInstall } from './bootstrap/dependencies.mjs'
import { ensureEngine } from './bootstrap/engine.mjs'
import { withLock } from './bootstrap/lock.mjs'
import { say } from './bootstrap/progress.mjs'
import { root } from './bootstrap/root.mjs'
import { SetUpError } from './bootstrap/set-up-error.mjs'

/**
 * Makes a clone runnable: packages installed, program built and, if asked for, a TensorFlow engine found or
 * installed. Does nothing and says nothing where all of that is done. Several may run at once: one works,
 * the others wait for it. It needs Node and npm, no package.
 *
 * @param {{ engine: boolean }} wanted
 * @returns {Promise<void>} when set-up failed or was interrupted it says so and ends the process instead
 */
export async function bootstrap({ engine }) {
  try {
    if ((await whyInstall(root)) !== null || (await whyBuild(root)) !== null) {
      await withLock(join(root, '.bootstrap', 'lock'), setUp, { onWait: sayWhoIsAtIt })
    }
    if (engine) await ensureEngine(root)
  } catch (error) {
    endProcess(error)
  }
}

/** @param {(pid: number) => void} shareLock */
async function setUp(shareLock) {
  await ensurePackages(root, 'packages', shareLock)
  await ensureBuild(root, shareLock)
}

/** @param {import('./bootstrap/process-identity.mjs').ProcessIdentity | null} holder */
function sayWhoIsAtIt(holder) {
  const who = holder === null ? 'another process' : `process ${holder.pid} on ${holder.host}`
  say(`${who} is setting up this clone; waiting (if it is gone, remove ${join(root, '.bootstrap', 'lock')})`)
}

/**
 * @param {unknown} error
 * @returns {never}
 */
export function endProcess(error) {
  if (error instanceof Interrupted) process.exit(error.exitCode)
  if (!(error instanceof SetUpError)) throw error
  say(`set-up failed: ${error.message}`)
  say(error.hint)
  process.exit(1)
}
