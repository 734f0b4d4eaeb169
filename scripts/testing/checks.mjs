import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runProgram } from '../bootstrap/child-process.mjs'
import { root } from '../bootstrap/root.mjs'
import { judgeVitest, oneFailed, onePassed } from './counts.mjs'

/** @typedef {import('./counts.mjs').Counts} Counts */
/** @typedef {{ title: string, run: () => Promise<Counts> }} Check */

/**
 * The checks of `npm test`, cheapest first.
 *
 * @param {string[]} testFiles what to narrow the tests to, as vitest takes it; none for all of them
 * @param {NodeJS.ProcessEnv} environment what tests are told about this machine
 * @returns {Check[]}
 */
export function allChecks(testFiles, environment) {
  const tsc = 'node_modules/typescript/bin/tsc'
  return [
    programCheck('format and lint (Biome)', 'node_modules/@biomejs/biome/bin/biome', ['check', '.']),
    programCheck('types of the Node side (tsc)', tsc, ['-p', 'tsconfig.json']),
    programCheck('types of the preload (tsc)', tsc, ['-p', 'tsconfig.preload.json']),
    programCheck('types of the renderer (tsc)', tsc, ['-p', 'tsconfig.renderer.json']),
    programCheck('layer rules (dependency-cruiser), and names', 'scripts/layers.mjs', []),
    {
      title: 'unit and integration tests (vitest)',
      run: () => runVitest(testFiles, environment),
    },
  ]
}

/**
 * A program that passes by exiting with 0.
 *
 * @param {string} title
 * @param {string} script within the clone
 * @param {string[]} args
 * @returns {Check}
 */
function programCheck(title, script, args) {
  return {
    title,
    run: async () => ((await runScript(script, args)) === 0 ? onePassed : oneFailed),
  }
}

/**
 * @param {string[]} testFiles
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<Counts>}
 */
async function runVitest(testFiles, environment) {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-test-counts-'))
  try {
    const countsFile = join(folder, 'counts.json')
    const exitCode = await runScript('node_modules/vitest/vitest.mjs', ['run', ...testFiles], {
      ...environment,
      TANDEM_TEST_COUNTS_FILE: countsFile,
    })
    const reported = await readFile(countsFile, 'utf8').then(JSON.parse, () => null)
    return judgeVitest(reported, exitCode)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * @param {string} script within the clone
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
async function runScript(script, args, env = process.env) {
  const path = join(root, ...script.split('/'))
  const { code } = await runProgram(process.execPath, [path, ...args], {
    cwd: root,
    env,
    output: 'inherit',
  })
  return code
}
