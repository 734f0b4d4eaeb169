import { mkdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { runProgram } from './child-process.mjs'
import { say } from './progress.mjs'

/** After a failed install, commands go on with wasm for this long before one tries again by itself. */
const retryAfterMs = 60 * 60 * 1000

/**
 * The TensorFlow engine that a run would use now, and else why there is none and whether installing one would
 * help. It would not where somebody named a folder that holds none: that is theirs to put right.
 *
 * @typedef {{ directory: string } | { directory: null, reason: string, installable: boolean }} EngineStatus
 *
 * @param {string} root a clone that is built
 * @returns {Promise<EngineStatus>}
 */
export async function findEngine(root) {
  const { stdout } = await tandem(root, ['engine', 'status', '--json'], 'capture')
  const { engine, error } = parse(stdout)
  if (engine) return { directory: engine.directory }
  if (error) return { directory: null, reason: error.message, installable: false }
  return { directory: null, reason: 'no TensorFlow engine on this machine', installable: true }
}

/** @param {string} json */
function parse(json) {
  try {
    return JSON.parse(json)
  } catch {
    return { error: { message: '`tandem engine status` has failed' } }
  }
}

/**
 * Sees to a TensorFlow engine, found or installed. Not having one is no failure: Tandem then trains on
 * WebAssembly, and says so.
 *
 * @param {string} root a clone that is built
 */
export async function ensureEngine(root) {
  const status = await findEngine(root)
  if (status.directory !== null || !status.installable) return
  const attempt = join(root, '.bootstrap', 'engine-attempt')
  if (await happenedLately(attempt)) {
    say('no TensorFlow engine, and its install failed within the last hour: going on with WebAssembly')
    say('(`npx tandem engine install` tries again now)')
    return
  }
  say('no TensorFlow engine found: installing one, once (Ctrl-C stops it; `--backend wasm` does without)')
  const { code } = await tandem(root, ['engine', 'install', '--if-missing'], 'stderr')
  if (code === 0) return
  await mkdir(dirname(attempt), { recursive: true })
  await writeFile(attempt, '')
  say('no TensorFlow engine for now, for the reason above: going on with WebAssembly')
}

/**
 * @param {string} root
 * @param {string[]} args
 * @param {'capture' | 'stderr'} output
 */
function tandem(root, args, output) {
  return runProgram(process.execPath, [join(root, 'out', 'main', 'tandem.js'), ...args], {
    cwd: root,
    output,
  })
}

/** @param {string} stamp */
async function happenedLately(stamp) {
  const found = await stat(stamp).catch(() => null)
  return found !== null && Date.now() - found.mtimeMs < retryAfterMs
}
