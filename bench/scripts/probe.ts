import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { mean, standardDeviation } from '../../src/shared/statistics/means.js'
import { median } from '../../src/shared/statistics/quantiles.js'
import { studentTQuantile } from '../../src/shared/statistics/student-t.js'
import { measureScript } from './measure-script.js'

/** By its own count, on CPUs. */
const mostMicroseconds = 100

/** Steps of a block: so many that a block is long beside a clock's tick, and short beside what drifts. */
const models = {
  tiny: { steps: 100, isOfUsualLength: false },
  resnet18: { steps: 5, isOfUsualLength: true },
} as const
type Model = keyof typeof models

const timesSchema = z.object({ wallMs: z.number(), processorMs: z.number() })
const pairsSchema = z.array(z.object({ on: timesSchema, off: timesSchema })).min(2)
type Pairs = z.infer<typeof pairsSchema>

/** Measures each model alone and in a group of one, and prints what the probe costs; 0 where both bars held. */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      python: { type: 'string', default: 'python3' },
      pairs: { type: 'string', default: '40' },
      models: { type: 'string', default: Object.keys(models).join(',') },
      seed: { type: 'string', default: '0' },
    },
  })
  let isWithin = true
  for (const model of z.array(z.enum(['tiny', 'resnet18'])).parse(values.models.split(','))) {
    for (const isInGroup of [false, true]) {
      const told = await measureModel(values.python, model, isInGroup, Number(values.pairs), values.seed)
      isWithin &&= told
    }
  }
  return isWithin ? 0 : 1
}

async function measureModel(
  python: string,
  model: Model,
  isInGroup: boolean,
  pairs: number,
  seed: string,
): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-probe-'))
  try {
    const output = join(folder, 'blocks.json')
    const { steps, isOfUsualLength } = models[model]
    const flags = { model, pairs, steps, seed, output }
    const { script } = await measureScript({
      ...{ python, file: 'bench/scripts/switching.py', ranks: 1, warmUpSteps: 5 },
      parameters: [
        ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
        ...(isInGroup ? ['--ddp'] : []),
      ],
      // The script goes on with the probe at work once it has written what its blocks took.
      steps: pairs * steps + 2 * steps + 30,
    })
    const own = script?.probeMicrosecondsPerStep ?? Number.NaN
    const blocks = pairsSchema.parse(JSON.parse(await readFile(output, 'utf8')))
    const byClock = difference(blocks, 'wallMs')
    console.log(
      [
        `${model}${isInGroup ? ', DDP' : ''}: a step takes ${(median(blocks.map(({ off }) => off.wallMs)) ?? 0).toFixed(2)} ms`,
        `the probe counts ${own.toFixed(0)} us of it`,
        `on less off, in ${blocks.length} pairs: ${intervalText(byClock)} by the clock, ${intervalText(difference(blocks, 'processorMs'))} of the processor`,
      ].join('; '),
    )
    const containsZero = byClock.low <= 0 && byClock.high >= 0
    return own < mostMicroseconds && (containsZero || !isOfUsualLength)
  } finally {
    await rm(folder, { recursive: true })
  }
}

interface Difference {
  meanUs: number
  low: number
  high: number
}

/** The paired t interval of the differences, in microseconds a step. */
function difference(pairs: Pairs, time: keyof Pairs[number]['on']): Difference {
  const differences = pairs.map(({ on, off }) => 1000 * (on[time] - off[time]))
  const meanUs = mean(differences) ?? 0
  const error = (standardDeviation(differences) ?? 0) / Math.sqrt(differences.length)
  const half = error * studentTQuantile(0.975, differences.length - 1)
  return { meanUs, low: meanUs - half, high: meanUs + half }
}

function intervalText({ meanUs, low, high }: Difference): string {
  return `${meanUs.toFixed(0)} us (95 %: ${low.toFixed(0)} to ${high.toFixed(0)})`
}
