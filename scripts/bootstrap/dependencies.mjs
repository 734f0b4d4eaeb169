import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fingerprint, readStamp } from './fingerprint.mjs'
import { npmCi } from './npm.mjs'
import { say, secondsSince } from './progress.mjs'
import { SetUpError } from './set-up-error.mjs'

/** Inside node_modules, so that whatever removes the packages removes the claim that they are there. */
const stampName = join('node_modules', '.tandem-installed')

/**
 * What the installed packages depend on: the lock file, and for native ones Node's major version and the
 * platform.
 *
 * @param {string} directory
 */
function wantedPackages(directory) {
  const nodeMajor = process.versions.node.split('.')[0] ?? ''
  return fingerprint(directory, ['package-lock.json'], { facts: [nodeMajor, process.platform, process.arch] })
}

/**
 * @param {string} directory
 * @returns {Promise<string | null>} why its packages must be installed; null when they are all there
 */
export async function whyInstall(directory) {
  const installed = await readStamp(join(directory, stampName))
  if (installed === null) return 'they are not there yet'
  return installed === (await wantedPackages(directory)) ? null : 'package-lock.json or Node has changed'
}

/**
 * Installs the packages of `directory` where they are missing or stale.
 *
 * @param {string} directory
 * @param {string} what names the packages in messages
 * @param {(pid: number) => void} onSpawn told the id of the process that installs
 * @throws {SetUpError} if npm fails
 */
export async function ensurePackages(directory, what, onSpawn) {
  const reason = await whyInstall(directory)
  if (reason === null) return
  say(`installing ${what} with npm ci: ${reason}`)
  const startedAtMs = performance.now()
  const code = await npmCi(directory, onSpawn)
  if (code !== 0) {
    throw new SetUpError(
      `npm ci failed with exit code ${code}; npm's own message is above.`,
      'If the network is the cause, check `npm config get registry` and `npm config get proxy`, then run the command again.',
    )
  }
  await mkdir(join(directory, 'node_modules'), { recursive: true })
  await writeFile(join(directory, stampName), `${await wantedPackages(directory)}\n`)
  await letNpmTrustItsList(directory)
  say(`installed ${what} in ${secondsSince(startedAtMs)}`)
}

/**
 * npm takes its own list of what is installed for outdated when anything in the folder is newer, as the stamp is, and
 * `npx tandem` then reads every package's description at each start: a tenth of a second.
 *
 * @param {string} directory
 */
async function letNpmTrustItsList(directory) {
  const now = new Date()
  await utimes(join(directory, 'node_modules', '.package-lock.json'), now, now).catch(() => {})
}
