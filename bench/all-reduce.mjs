/*
 * All-reduce of ResNet-18's gradients (44.7 MB) between processes of this machine, Tandem's shared memory and
 * PyTorch's gloo in turn:
 *
 *   node bench/all-reduce.mjs [--peer-python PYTHON] [--repeats 5] [--rounds 30]
 *
 * A time is rank 0's median over the rounds of one group of fresh processes; the table shows the median over
 * repeats with the lowest and highest. Tandem's counts writing the vector, the sum and reading it.
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { build } from 'vite'

const run = promisify(execFile)
const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url))
const elements = '11173962'

const { values: options } = parseArgs({
  options: {
    'peer-python': { type: 'string', default: 'python3' },
    repeats: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '30' },
  },
})

/** Bundles the rank's program where Node finds the packages it needs. */
async function buildRank() {
  const cache = here('../node_modules/.cache')
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'tandem-all-reduce-'))
  const entryFileNames = 'rank.mjs'
  await build({
    configFile: false,
    root: here('..'),
    logLevel: 'error',
    build: {
      ssr: here('./all-reduce-rank.ts'),
      outDir: folder,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames } },
    },
  })
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n')
  return { path: join(folder, entryFileNames), remove: () => rm(folder, { recursive: true }) }
}

/**
 * @param {string} program
 * @param {number} worldSize
 * @returns {Promise<number>} milliseconds
 */
async function tandem(program, worldSize) {
  const folder = await mkdtemp('/dev/shm/tandem-bench-').catch(() => mkdtemp(join(tmpdir(), 'tandem-bench-')))
  try {
    const ranks = Array.from({ length: worldSize }, (_, rank) =>
      run(process.execPath, [
        program,
        join(folder, 'group'),
        `${rank}`,
        `${worldSize}`,
        elements,
        `${options.rounds}`,
      ]),
    )
    const [first] = await Promise.all(ranks)
    return JSON.parse(first?.stdout ?? '').medianMs
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * @param {number} worldSize
 * @returns {Promise<number | null>} milliseconds; null without PyTorch
 */
async function gloo(worldSize) {
  const parameters = ['--world-size', `${worldSize}`, '--elements', elements, '--rounds', `${options.rounds}`]
  try {
    const { stdout } = await run(options['peer-python'], [here('./peers/all_reduce.py'), ...parameters])
    return JSON.parse(stdout).medianMs
  } catch {
    return null
  }
}

const program = await buildRank()
try {
  for (const worldSize of [2, 4]) {
    /** @type {Record<string, number[]>} */
    const times = { 'Tandem, shared memory': [], 'PyTorch, gloo': [] }
    for (let repeat = 0; repeat < Number(options.repeats); repeat++) {
      times['Tandem, shared memory']?.push(await tandem(program.path, worldSize))
      const peer = await gloo(worldSize)
      if (peer !== null) times['PyTorch, gloo']?.push(peer)
    }
    for (const [name, values] of Object.entries(times)) {
      const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(1))
      const middle = values.toSorted((a, b) => a - b)[values.length >> 1]
      console.log(
        middle === undefined
          ? `${worldSize} ranks: ${name}: not measured, ${options['peer-python']} has no torch`
          : `${worldSize} ranks: ${name}: ${middle.toFixed(1)} ms (${low} to ${high})`,
      )
    }
  }
} finally {
  await program.remove()
}
