import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { childEnvironment } from '../../src/core/child/child-program.js'
import { spawnNodeChild } from '../../src/core/child/node-child.js'
import { spawnSocketChild } from '../../src/core/child/socket-child.js'
import { measure } from '../../src/core/run/measure.js'
import { type PreparedRun, prepareRun } from '../../src/core/run/prepare-run.js'
import { defaultTimeouts } from '../../src/core/run/timeouts.js'
import { presets } from '../../src/shared/run/presets.js'
import { planBlocks } from '../../src/shared/statistics/block-plan.js'
import { findLateRank, type LateRank } from '../../src/shared/waterfall/late-rank.js'
import { judgeEven, judgeSlow, nameOf, type Outcome } from '../late-ranks.js'

const root = process.env.TANDEM_BENCH_ROOT ?? ''

/** Runs them in random order and prints what each named; 0 where both bars held. */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      python: { type: 'string', default: 'python3' },
      runs: { type: 'string', default: '20' },
      slower: { type: 'string', default: '0.3' },
      steps: { type: 'string', default: '30' },
      seed: { type: 'string', default: '0' },
    },
  })
  const prepared = await prepare(values.python, Number(values.steps))
  const outcomes: Outcome[] = []
  const blocks = planBlocks(['even', 'slow'] as const, Number(values.runs), Number(values.seed))
  for (const [index, block] of blocks.entries()) {
    for (const kind of block) {
      // Each rank in turn: a core may be the slower one by itself.
      const slowRank = kind === 'slow' ? index % 2 : null
      const late = await lateRankOf(prepared, slowRank, values.slower)
      outcomes.push({ slowRank, late })
      console.log(
        `block ${index + 1}, ${slowRank === null ? 'nothing' : `rank ${slowRank}`} slow: names ${nameOf(late)}`,
      )
    }
  }
  const even = judgeEven(outcomes.filter(({ slowRank }) => slowRank === null))
  const slow = judgeSlow(
    outcomes.filter(({ slowRank }) => slowRank !== null),
    Number(values.slower),
    'backward',
  )
  return even && slow ? 0 : 1
}

/** Small, so that 40 runs take minutes; each step is shorter than Quick's, and varies more. */
const perGpuBatchSize = 16

/** DDP on two cores with so many steps in one epoch, by a trainer that can be slowed down. */
async function prepare(python: string, steps: number): Promise<PreparedRun> {
  const configuration = {
    ...presets.quick,
    ...{ backend: 'pytorch' as const, devices: 'cpu:2', strategies: ['ddp' as const], evaluate: false },
    ...{
      epochs: 1,
      perGpuBatchSize,
      samplesPerEpoch: steps * 2 * perGpuBatchSize,
      repeats: 1,
      quickChooses: [],
    },
  }
  const prepared = await prepareRun(configuration, {
    tandemVersion: '0',
    python,
    environment: process.env,
    resourcesDirectory: join(root, 'resources'),
  })
  const trainer = join(root, 'bench', 'peers', 'slow_rank.py')
  const backends = prepared.backends.map((backend) =>
    backend.name === 'pytorch' ? { ...backend, trainer } : backend,
  )
  return { ...prepared, backends }
}

async function lateRankOf(
  prepared: PreparedRun,
  slowRank: number | null,
  slower: string,
): Promise<LateRank | null> {
  const [planned] = prepared.measurements
  if (planned === undefined) throw new Error('there is no DDP to measure')
  const environment = childEnvironment(process.env)
  const { error, ranks } = await measure(planned, {
    input: prepared,
    host: {
      spawn: spawnNodeChild,
      spawnCommand: spawnSocketChild,
      entry: join(root, 'out', 'main', 'trainer.js'),
      environment:
        slowRank === null
          ? environment
          : {
              ...environment,
              TANDEM_BENCH_SLOW_RANK: String(slowRank),
              TANDEM_BENCH_SLOWER: slower,
            },
      logDirectory: null,
      timeouts: defaultTimeouts,
    },
    signal: new AbortController().signal,
    onEvent() {},
    onEpoch() {},
  })
  if (error !== null) throw new Error(error.message)
  return findLateRank([ranks.map(({ steps }) => steps)])
}
