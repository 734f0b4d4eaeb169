import { mkdir, readFile, rm, statfs, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { Interrupted, runProgram } from '../bootstrap/child-process.mjs'
import { withLock } from '../bootstrap/lock.mjs'
import { say, secondsSince } from '../bootstrap/progress.mjs'
import { root } from '../bootstrap/root.mjs'

/**
 * What the tests of the PyTorch engine were written with: PyPI's, for Linux with CUDA's libraries, used on CPUs; and what
 * people train with, for the tests of their scripts.
 */
const requirements = [
  'torch==2.15.0',
  'torchvision==0.29.2',
  'accelerate==1.15.0',
  'lightning==2.6.6',
  'transformers==5.24.0',
]
/** Of all that pip unpacks, with what it keeps for the next time and needs meanwhile. */
const neededBytes = 10e9

/**
 * A Python with PyTorch, in a virtual environment of the user's cache folder: made once, by the user's own pip, index and
 * proxy included. pip keeps what it has fetched, so that a set-up which was interrupted goes on where it was.
 *
 * @param {NodeJS.ProcessEnv} [environment]
 * @param {{ wanted?: string[] }} [options] `wanted` takes the place of PyTorch
 * @returns {Promise<{ python: string } | { python: null, reason: string }>}
 */
export async function pytorchForTests(environment = process.env, { wanted = requirements } = {}) {
  const cache = environment.XDG_CACHE_HOME || join(homedir(), '.cache')
  const folder = join(cache, 'tandem-tests', 'pytorch')
  const python = join(folder, 'bin', 'python')
  try {
    return await withLock(`${folder}.lock`, async (shareWith) => {
      if (await isWhole(folder, wanted)) return { python }
      const reason = await install({ folder, python, wanted, environment, shareWith })
      return reason === null ? { python } : { python: null, reason }
    })
  } catch (error) {
    if (error instanceof Interrupted) throw error
    return { python: null, reason: error instanceof Error ? error.message : String(error) }
  }
}

/**
 * What was installed is written down at the very end, so a folder that says so is whole.
 *
 * @param {string} folder
 * @param {string[]} wanted
 */
async function isWhole(folder, wanted) {
  const installed = await readFile(join(folder, 'installed.json'), 'utf8').catch(() => '')
  return installed === JSON.stringify(wanted)
}

/**
 * @param {{ folder: string, python: string, wanted: string[], environment: NodeJS.ProcessEnv,
 *   shareWith: (pid: number) => void }} job
 * @returns {Promise<string | null>} why there is none; null when it is there
 */
async function install({ folder, python, wanted, environment, shareWith }) {
  const run = async (/** @type {string} */ program, /** @type {string[]} */ args, env = environment) =>
    (await runProgram(program, args, { cwd: root, env, onSpawn: shareWith }).catch(notStarted)).code === 0
  await mkdir(folder, { recursive: true })
  const disk = await statfs(folder)
  const freeBytes = disk.bavail * disk.bsize
  if (freeBytes < neededBytes)
    return `PyTorch takes ${neededBytes / 1e9} GB, and ${folder} has ${(freeBytes / 1e9).toFixed(1)} GB left`
  const startedAtMs = performance.now()
  say(`installing ${wanted.join(' and ')} for the tests into ${folder}, with pip: some 5 GB`)
  // Without pip of its own, which Debian has in a package apart.
  if (!(await run('python3', ['-m', 'venv', '--without-pip', folder])))
    return 'there is no python3 on PATH that makes virtual environments'
  const temporary = join(folder, 'tmp')
  await mkdir(temporary, { recursive: true })
  const pip = ['-m', 'pip', '--python', python, 'install', '--quiet', '--disable-pip-version-check']
  const only = ['--only-binary=:all:', '--retries', '5', ...wanted]
  // Wheels of 500 MB are more than some machines have in memory, where /tmp may lie.
  const hasInstalled = await run('python3', [...pip, ...only], { ...environment, TMPDIR: temporary })
  await rm(temporary, { recursive: true, force: true })
  if (!hasInstalled) return 'pip could not install PyTorch; its message is above'
  await writeFile(join(folder, 'installed.json'), JSON.stringify(wanted))
  say(`PyTorch is there after ${secondsSince(startedAtMs)}`)
  return null
}

/**
 * A program that is not there.
 *
 * @param {unknown} error
 * @returns {{ code: number }}
 */
function notStarted(error) {
  if (error instanceof Interrupted) throw error
  return { code: 127 }
}
