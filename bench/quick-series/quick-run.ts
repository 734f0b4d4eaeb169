import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder } from '../../src/core/cache-folder.js'
import { type Results, resultsSchema } from '../../src/shared/results/results.js'
import { strategyResults } from '../../src/shared/results/strategy-results.js'
import { judgeRun } from '../../src/shared/validity/judge-run.js'

const root = process.env.TANDEM_BENCH_ROOT ?? ''

/** Where runs keep what they keep. */
export interface Place {
  folder: string
  cache: string
  data: string
}

export interface QuickRun {
  /** From the key press to the end of the process. */
  seconds: number
  /** What it said before it measured; null where it said nothing. */
  promisedSeconds: number | null
  /** From that moment to the end. */
  sincePromiseSeconds: number
  blocks: number
  /** The fewest of any measurement. */
  leastSteps: number
  leastTrainingSeconds: number
  badge: string
  /** Measurements that were taken again. */
  repeated: number
  answers: {
    id: string
    speedup: number
    low: number | null
    high: number | null
    verdict: string
  }[]
}

/** One Quick run by the command line. Throws where it does not come to its end. */
export async function quickRun(
  { folder, cache, data }: Place,
  args: readonly string[] = [],
): Promise<QuickRun> {
  await mkdir(cache, { recursive: true })
  const engine = join(cacheFolder(), 'engine')
  if (existsSync(engine) && !existsSync(join(cache, 'engine'))) await symlink(engine, join(cache, 'engine'))
  const output = join(folder, 'results.json')
  const startedAtMs = performance.now()
  const { lines, exitCode } = await run(['run', '--preset', 'quick', ...args, '--output-file', output], {
    ...process.env,
    TANDEM_CACHE_DIR: cache,
    TANDEM_DATA_DIR: data,
  })
  const endedAtMs = performance.now()
  const promise = lines.find(({ text }) => text.includes('takes about'))
  if (exitCode !== 0) throw new Error(lines.map(({ text }) => text).join('\n'))
  const results = resultsSchema.parse(JSON.parse(await readFile(output, 'utf8')))
  return {
    ...figuresOf(results),
    seconds: (endedAtMs - startedAtMs) / 1000,
    promisedSeconds: promise === undefined ? null : durationIn(promise.text),
    sincePromiseSeconds: (endedAtMs - (promise?.atMs ?? startedAtMs)) / 1000,
  }
}

function figuresOf(run: Results): Omit<QuickRun, 'seconds' | 'promisedSeconds' | 'sincePromiseSeconds'> {
  const measured = run.measurements.filter(({ epochs }) => epochs.length > 0)
  const results = strategyResults(run.measurements, run.configuration)
  const least = (of: (epoch: (typeof measured)[number]['epochs'][number]) => number): number =>
    Math.min(...measured.map(({ epochs }) => epochs.reduce((sum, epoch) => sum + of(epoch), 0)))
  return {
    blocks: run.configuration.repeats,
    leastSteps: least(({ steps }) => steps),
    leastTrainingSeconds: least(({ seconds }) => seconds),
    badge: judgeRun(run, results).badge,
    repeated: measured.reduce((sum, { putAside = [] }) => sum + putAside.length, 0),
    answers: results.flatMap(({ id, answer }) => {
      if (answer?.comparison.kind !== 'compared') return []
      const { estimate, verdict } = answer.comparison
      const { speedup, low, high } = estimate
      return [{ id, speedup, low, high, verdict: verdict.kind }]
    }),
  }
}

interface Line {
  text: string
  atMs: number
}

function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ lines: Line[]; exitCode: number }> {
  const program = join(root, 'scripts', 'tandem.mjs')
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: Line[] = []
  for (const stream of [child.stdout, child.stderr]) {
    let rest = ''
    stream.on('data', (chunk: Buffer) => {
      const whole = `${rest}${chunk}`.split('\n')
      rest = whole.pop() ?? ''
      for (const text of whole) lines.push({ text, atMs: performance.now() })
    })
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ lines, exitCode: code ?? 1 }))
  })
}

/** `takes about 66 s here`, `takes about 3 min here` */
function durationIn(text: string): number | null {
  const [, count, unit] = /takes about (\d+) (s|min) here/.exec(text) ?? []
  return count === undefined ? null : Number(count) * (unit === 'min' ? 60 : 1)
}
