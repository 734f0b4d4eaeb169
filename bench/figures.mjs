/*
 * Images per second of Tandem and of PyTorch on this machine, in one interleaved run:
 *
 *   npm run build && node bench/figures.mjs [--peer-python PYTHON] [--repeats 3] [--only REGEX] [--json FILE]
 *
 * Every case is a fresh process (a fresh group for DDP), a repeat has every case once in random order, and the
 * table shows the median over repeats with the lowest and highest. Cases of PyTorch need a Python that has torch
 * and torchvision; without one they are left out and said so. Run it on a quiet machine.
 */
import { execFile, fork } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'

const run = promisify(execFile)
const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url))

const { values: options } = parseArgs({
  options: {
    'peer-python': { type: 'string', default: 'python3' },
    repeats: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    json: { type: 'string' },
  },
})

/**
 * @typedef {'torchvision' | 'cifar'} Stem
 * @typedef {{ stem: Stem, precision: string, batchSize: number, backend: object, strategy?: string,
 *   devices?: number, execution?: string }} TandemSettings
 * @typedef {{ name: string, measure(): Promise<number> }} Case  measure: images per second
 */

/** Batch of one device for each stem: the sizes of the reference table in the design. */
const batchOf = { torchvision: 256, cifar: 32 }
const wasmBatchOf = { torchvision: 32, cifar: 8 }
const steps = 10

/**
 * @param {string | null} libraryDir
 * @param {boolean} peer
 * @returns {Case[]}
 */
function cases(libraryDir, peer) {
  /** @type {Case[]} */
  const all = []
  const stems = /** @type {const} */ (['torchvision', 'cifar'])
  const tensorflow = { name: 'tensorflow', libraryDir }
  for (const stem of stems) {
    const batch = batchOf[stem]
    if (libraryDir !== null) {
      for (const precision of ['fp32', 'mixed']) {
        const common = { stem, precision, backend: tensorflow }
        all.push(tandem('Single', { ...common, batchSize: batch }))
        all.push(tandem('DP x2', { ...common, strategy: 'dp', batchSize: 2 * batch, devices: 2 }))
        all.push(tandem('DDP x2', { ...common, strategy: 'ddp', batchSize: batch, devices: 2 }))
      }
      const eager = { stem, precision: 'fp32', backend: tensorflow, batchSize: batch, execution: 'eager' }
      all.push(tandem('Single, eager', eager))
    }
    all.push(
      tandem('Single, wasm', {
        stem,
        precision: 'fp32',
        backend: { name: 'wasm' },
        batchSize: wasmBatchOf[stem],
      }),
    )
    if (peer) {
      for (const precision of ['fp32', 'mixed']) {
        all.push(pytorch('PyTorch', { stem, precision, batch, worldSize: 1 }))
        all.push(pytorch('PyTorch DDP x2 (gloo)', { stem, precision, batch, worldSize: 2 }))
      }
    }
  }
  return all.filter(({ name }) => new RegExp(options.only).test(name))
}

/**
 * @param {string} what
 * @param {TandemSettings} settings
 * @returns {Case}
 */
function tandem(what, settings) {
  const { stem, precision, batchSize, strategy = 'single', devices = 1 } = settings
  const images = strategy === 'ddp' ? batchSize * devices : batchSize
  return {
    name: `Tandem ${what}, ${stem}, ${precision}, batch ${images}`,
    async measure() {
      const stepMs = await trainerStepMs(settings)
      return (images / stepMs) * 1000
    },
  }
}

/**
 * @param {string} what
 * @param {{ stem: Stem, precision: string, batch: number, worldSize: number }} settings
 * @returns {Case}
 */
function pytorch(what, { stem, precision, batch, worldSize }) {
  const images = batch * worldSize
  return {
    name: `${what}, ${stem}, ${precision}, batch ${images}`,
    async measure() {
      const parameters = ['--stem', stem, '--batch', `${batch}`, '--world-size', `${worldSize}`]
      parameters.push('--precision', precision, '--steps', `${steps + 2}`)
      const { stdout } = await run(options['peer-python'], [here('./peers/train.py'), ...parameters])
      return (images / JSON.parse(stdout).stepMs) * 1000
    },
  }
}

/** @param {number} index */
function device(index) {
  return { kind: 'cpu', index, description: `core ${index}`, cores: [index] }
}

/**
 * Median step time of rank 0, the first step left out.
 * @param {TandemSettings} settings
 */
async function trainerStepMs({ strategy = 'single', devices = 1, ...settings }) {
  const worldSize = strategy === 'ddp' ? devices : 1
  const folder = await mkdtemp(join(tmpdir(), 'tandem-figures-'))
  const shared = await mkdtemp('/dev/shm/tandem-figures-').catch(() => folder)
  const job = (/** @type {number} */ rank) => ({
    runId: 'figures',
    strategy,
    rank,
    worldSize,
    devices: strategy === 'dp' ? [0, 1].map(device) : [device(rank)],
    modelName: 'resnet18',
    data: { kind: 'synthetic', trainSamples: settings.batchSize * (steps + 1) * worldSize, testSamples: 1 },
    epochs: 1,
    numWorkers: 1,
    maxStepsPerEpoch: -1,
    samplesPerEpoch: null,
    learningRate: 0.01,
    momentum: 0.9,
    weightDecay: 5e-4,
    seed: 0,
    evaluate: false,
    collective:
      worldSize > 1 ? { kind: 'shared-memory', path: join(shared, 'group'), timeoutMs: 60_000 } : null,
    ...settings,
  })
  try {
    const ranks = await Promise.all(Array.from({ length: worldSize }, (_, rank) => trainerSteps(job(rank))))
    return median((ranks[0] ?? []).slice(1).map(({ stepMs }) => stepMs))
  } finally {
    await rm(folder, { recursive: true, force: true })
    await rm(shared, { recursive: true, force: true })
  }
}

/**
 * @param {object} job
 * @returns {Promise<{ stepMs: number }[]>}
 */
function trainerSteps(job) {
  const child = fork(here('../out/main/trainer.js'), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  /** @type {{ stepMs: number }[]} */
  const collected = []
  return new Promise((resolve, reject) => {
    child.on(
      'message',
      (/** @type {{ type: string, steps: { stepMs: number }[], error: { message: string } }} */ message) => {
        if (message.type === 'steps') collected.push(...message.steps)
        if (message.type === 'failed') reject(new Error(message.error.message))
        if (message.type === 'done') resolve(collected)
      },
    )
    child.on('exit', (code) => reject(new Error(`a trainer ended with ${code}`)))
    child.send({ type: 'start', job })
  })
}

/** @param {number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const [below = Number.NaN, at = Number.NaN] = sorted.slice(Math.max(middle - 1, 0))
  return sorted.length % 2 === 1 ? (sorted[middle] ?? Number.NaN) : (below + at) / 2
}

/**
 * @template T
 * @param {T[]} values
 */
function shuffled(values) {
  return values
    .map((value) => ({ value, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value)
}

async function findEngine() {
  try {
    const { stdout } = await run(process.execPath, [
      here('../out/main/tandem.js'),
      'engine',
      'status',
      '--json',
    ])
    return JSON.parse(stdout).engine?.directory ?? null
  } catch {
    return null
  }
}

async function hasTorch() {
  try {
    await run(options['peer-python'], ['-c', 'import torch, torchvision'])
    return true
  } catch {
    return false
  }
}

const libraryDir = await findEngine()
const peer = await hasTorch()
if (libraryDir === null) console.log('Without TensorFlow: no engine (`tandem engine install`).')
if (!peer) console.log(`Without PyTorch: ${options['peer-python']} has no torch (--peer-python).`)

/** @type {Map<string, number[]>} */
const results = new Map(cases(libraryDir, peer).map(({ name }) => [name, []]))
for (let repeat = 1; repeat <= Number(options.repeats); repeat++) {
  for (const { name, measure } of shuffled(cases(libraryDir, peer))) {
    const imagesPerSecond = await measure()
    results.get(name)?.push(imagesPerSecond)
    console.log(`repeat ${repeat}: ${name}: ${imagesPerSecond.toFixed(1)} images/s`)
  }
}

console.log('\nimages/s: median (lowest to highest)')
for (const [name, values] of results) {
  const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(1))
  console.log(`${name.padEnd(58)} ${median(values).toFixed(1).padStart(8)} (${low} to ${high})`)
}
if (options.json) await writeFile(options.json, `${JSON.stringify(Object.fromEntries(results), null, 2)}\n`)
