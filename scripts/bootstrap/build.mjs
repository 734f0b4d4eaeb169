import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runProgram } from './child-process.mjs'
import { readStamp } from './fingerprint.mjs'
import { say, secondsSince } from './progress.mjs'
import { seenFingerprint } from './seen-fingerprint.mjs'
import { SetUpError } from './set-up-error.mjs'

/** Everything that the built files come from. */
const sources = ['src', 'electron.vite.config.ts', 'tsconfig.json', 'package.json', 'package-lock.json']
const stampName = '.tandem-built'
const memoryName = '.tandem-seen'

/** @param {string} path */
function isNotBuilt(path) {
  return /\.test\.tsx?$/.test(path)
}

/** @param {string} root */
function sourceFingerprint(root) {
  return seenFingerprint(root, sources, { memory: join(root, 'out', memoryName), ignore: isNotBuilt })
}

/**
 * @param {string} root
 * @returns {Promise<string | null>} why Tandem must be built; null when `out` is what the sources make
 */
export async function whyBuild(root) {
  const built = await readStamp(join(root, 'out', stampName))
  if (built === null) return 'there is no build yet'
  return built === (await sourceFingerprint(root)) ? null : 'the sources have changed'
}

/**
 * Builds `out` where it is missing or stale. The build goes into a folder beside it and takes its place
 * when it is whole, so an interrupted one never leaves half a program behind. (Beside it, because source
 * maps name the sources relative to where they are written.)
 *
 * @param {string} root
 * @param {(pid: number) => void} onSpawn told the id of the process that builds
 * @throws {SetUpError} if the build fails
 */
export async function ensureBuild(root, onSpawn) {
  const reason = await whyBuild(root)
  if (reason === null) return
  say(`building: ${reason}`)
  const startedAtMs = performance.now()
  const fresh = join(root, 'out.new')
  await rm(fresh, { recursive: true, force: true })
  const wanted = await sourceFingerprint(root)
  const electronVite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const { code } = await runProgram(
    process.execPath,
    [electronVite, 'build', '--outDir', fresh, '--logLevel', 'warn'],
    { cwd: root, onSpawn },
  )
  if (code !== 0) {
    throw new SetUpError(
      `the build failed with exit code ${code}; its own message is above.`,
      'Run `npm run build` to see it again.',
    )
  }
  await writeFile(join(fresh, stampName), `${wanted}\n`)
  await rm(join(root, 'out'), { recursive: true, force: true })
  await rename(fresh, join(root, 'out'))
  say(`built in ${secondsSince(startedAtMs)}`)
}
