import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { allowedCores } from '../../src/core/devices/allowed-cores.js'
import { planBlocks } from '../../src/shared/statistics/block-plan.js'
import { quantile } from '../../src/shared/statistics/quantiles.js'
import { estimateSpeedup } from '../../src/shared/statistics/speedup-estimate.js'
import { createLaunch, type Launch, runForJson } from '../performance/measure/launch.js'
import { asFlags } from '../performance/measure/pytorch-training.js'

/** The two loops: PyTorch's own words, and the engine that Tandem measures with. */
const programs = { plain: 'train.py', engine: 'engine_train.py' } as const
type Name = keyof typeof programs

/** What the 95 % interval of the ratio must lie within. */
const bar = { low: 0.95, high: 1.05 }

const answerSchema = z.object({ stepMs: z.number().positive() })

/** Measures pair after pair, prints each, and says at the end what they come to; 0 where the bar held. */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      python: { type: 'string', default: 'python3' },
      pairs: { type: 'string', default: '40' },
      steps: { type: 'string', default: '10' },
      batch: { type: 'string', default: '64' },
      stem: { type: 'string', default: 'torchvision' },
      seed: { type: 'string', default: '0' },
      json: { type: 'string' },
    },
  })
  const { python, steps, batch, stem } = values
  const launch = await createLaunch(process.env)
  const [core = 0] = (await allowedCores()).slice(-1)
  const parameters = asFlags({ stem, batch, steps, cores: core })
  const blocks = planBlocks(Object.keys(programs) as Name[], Number(values.pairs), Number(values.seed))
  const pairs: Record<Name, number>[] = []
  for (const order of blocks) {
    const pair = { plain: 0, engine: 0 }
    for (const name of order) pair[name] = await stepMs(launch, python, name, parameters, core)
    pairs.push(pair)
    console.log(
      `pair ${pairs.length} of ${blocks.length}: plain ${pair.plain.toFixed(1)} ms, engine ${pair.engine.toFixed(1)} ms, ratio ${(pair.engine / pair.plain).toFixed(3)}`,
    )
  }
  const { text, isWithin } = conclude(pairs)
  console.log(text)
  if (values.json !== undefined) {
    const settings = { python, steps, batch, stem, core }
    await writeFile(values.json, `${JSON.stringify({ settings, pairs, isWithin }, null, 2)}\n`)
  }
  return isWithin ? 0 : 1
}

async function stepMs(
  launch: Launch,
  python: string,
  name: Name,
  parameters: readonly string[],
  core: number,
): Promise<number> {
  const file = join(process.env.TANDEM_BENCH_ROOT ?? '', 'bench', 'peers', programs[name])
  const program = { file: python, parameters: ['-B', file, ...parameters], cores: [core] }
  return answerSchema.parse(await runForJson(launch, program, new AbortController().signal)).stepMs
}

function conclude(pairs: readonly Record<Name, number>[]): { text: string; isWithin: boolean } {
  const estimate = estimateSpeedup(pairs.map(({ engine, plain }) => ({ base: engine, strategy: plain })))
  if (estimate === null || estimate.low === null || estimate.high === null)
    return { text: 'Too few pairs for an interval.', isWithin: false }
  const { speedup: ratio, low, high } = estimate
  const isWithin = low >= bar.low && high <= bar.high
  const ratios = pairs.map(({ engine, plain }) => engine / plain)
  const text = [
    `A step of the engine takes ${ratio.toFixed(3)} times the plain loop's, 95 % interval ${low.toFixed(3)} to ${high.toFixed(3)}, in ${pairs.length} pairs`,
    `(of single pairs, 80 % lie within ${quantile(ratios, 0.1)?.toFixed(3)} to ${quantile(ratios, 0.9)?.toFixed(3)}).`,
    `Wanted: within ${bar.low} to ${bar.high}. ${isWithin ? 'It is.' : 'It is not.'}`,
  ].join(' ')
  return { text, isWithin }
}
