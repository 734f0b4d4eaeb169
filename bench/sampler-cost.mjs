/*
 * What watching the machine costs it: the sampler's own processor time and memory at the host's interval.
 *
 *   npm run build && node bench/sampler-cost.mjs [--seconds 20] [--repeats 3] [--interval 250]
 *
 * Linux only. Every case is a fresh sampler, its first two seconds left out; a repeat has every case once. "2 made-up
 * GPUs" are the tests' stand-in for NVML: what calling it costs, without what a driver takes. Needs a C compiler.
 */
import { execFileSync, fork, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url))
const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    repeats: { type: 'string', default: '3' },
    interval: { type: 'string', default: '250' },
  },
})
const ticksPerSecond = 100
const seconds = Number(options.seconds)

/**
 * @param {number[]} watched
 * @param {NodeJS.ProcessEnv} environment
 */
async function measure(watched, environment) {
  const child = fork(here('../out/main/sampler.js'), { env: environment, serialization: 'advanced' })
  /** @type {number[]} */
  const costs = []
  child.on('message', (/** @type {any} */ message) => {
    if (message.type === 'sample') costs.push(message.sample.costMs)
  })
  child.send({ type: 'start', intervalMs: Number(options.interval) })
  child.send({ type: 'watch', pids: watched })
  await delay(2_000)
  costs.length = 0
  const ticksBefore = ticks(child.pid)
  await delay(seconds * 1_000)
  const used = (ticks(child.pid) - ticksBefore) / ticksPerSecond
  const memory = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024
  child.kill('SIGKILL')
  costs.sort((a, b) => a - b)
  return { corePercent: (used / seconds) * 100, memory, median: at(costs, 0.5), p95: at(costs, 0.95) }
}

/** @param {number | undefined} pid */
function ticks(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}

/**
 * @param {number[]} sorted
 * @param {number} share
 */
function at(sorted, share) {
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN
}

const libraries = mkdtempSync(join(tmpdir(), 'tandem-bench-'))
const trainers = [1, 2, 3, 4].map(() => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']))
try {
  const source = here('../src/sampler/test-support/fake-nvml.c')
  execFileSync('cc', ['-shared', '-fPIC', '-o', join(libraries, 'libnvidia-ml.so.1'), source])
  const pids = trainers.map((trainer) => trainer.pid ?? 0)
  /** @type {[string, number[], NodeJS.ProcessEnv][]} */
  const cases = [
    ['nothing trains', [], process.env],
    ['4 trainers', pids, process.env],
    ['4 trainers, 2 made-up GPUs', pids, { ...process.env, LD_LIBRARY_PATH: libraries }],
  ]
  for (let repeat = 1; repeat <= Number(options.repeats); repeat++) {
    for (const [name, watched, environment] of cases) {
      const { corePercent, memory, median, p95 } = await measure(watched, environment)
      console.log(
        `${name.padEnd(27)} ${corePercent.toFixed(2)} % of a core, ${memory.toFixed(0)} MiB, ` +
          `a sample ${median.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms`,
      )
    }
  }
} finally {
  for (const trainer of trainers) trainer.kill('SIGKILL')
  rmSync(libraries, { recursive: true })
}
