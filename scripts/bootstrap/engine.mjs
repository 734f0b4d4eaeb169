import { join } from 'node:path'
import { runProgram } from './child-process.mjs'
import { say } from './progress.mjs'

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
  const { code } = await tandem(root, ['engine', 'install', '--if-missing'], 'stderr')
  if (code !== 0) say('no TensorFlow engine for now, for the reason above: going on with WebAssembly')
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
