import { parseArgs } from 'node:util'
import { z } from 'zod'
import { planBlocks } from '../../src/shared/statistics/block-plan.js'
import { findLateRank, type LateRank } from '../../src/shared/waterfall/late-rank.js'
import { measureScript } from './measure-script.js'

/** Of 20 runs, so many may name a rank where none is slow, and must name it where one is. */
const bars = { falseAlarms: 1 / 20, found: 19 / 20 }

const kinds = ['nothing', 'backward', 'loader'] as const
type Kind = (typeof kinds)[number]

interface Outcome {
  kind: Kind
  slowRank: number
  late: LateRank | null
}

/** Runs them in random order and prints whom each named; 0 where both bars held. */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      python: { type: 'string', default: 'python3' },
      runs: { type: 'string', default: '20' },
      slower: { type: 'string', default: '0.3' },
      steps: { type: 'string', default: '60' },
      what: { type: 'string', default: kinds.join(',') },
      seed: { type: 'string', default: '0' },
    },
  })
  const chosen = z.array(z.enum(kinds)).parse(values.what.split(','))
  const outcomes: Outcome[] = []
  const blocks = planBlocks(chosen, Number(values.runs), Number(values.seed))
  for (const [index, block] of blocks.entries()) {
    for (const kind of block) {
      // Each rank in turn: a core may be the slower one by itself.
      const slowRank = index % 2
      const { ranks } = await measureScript({
        ...{ python: values.python, file: 'e2e/pytorch/scripts/uneven.py', ranks: 2, warmUpSteps: 5 },
        parameters: [kind, String(slowRank), values.slower],
        steps: Number(values.steps),
      })
      const late = findLateRank([ranks.map(({ steps }) => steps)])
      outcomes.push({ kind, slowRank, late })
      console.log(`block ${index + 1}, ${kind} slow, rank ${slowRank}: names ${nameOf(late)}`)
    }
  }
  return chosen.map((kind) => judge(kind, outcomes, Number(values.slower))).every(Boolean) ? 0 : 1
}

function nameOf(late: LateRank | null): string {
  return late === null
    ? 'nobody'
    : `rank ${late.rank}, ${percent(late.share)} (at least ${percent(late.low)})`
}

/** Says how often a kind was told rightly, and whether that is often enough. */
function judge(kind: Kind, all: readonly Outcome[], slower: number): boolean {
  const outcomes = all.filter((outcome) => outcome.kind === kind)
  if (kind === 'nothing') {
    const alarms = outcomes.filter(({ late }) => late !== null).length
    console.log(`Nothing slow: ${alarms} of ${outcomes.length} runs name a rank (at most 1 of 20 may).`)
    return alarms <= bars.falseAlarms * outcomes.length
  }
  const found = outcomes.filter(({ late, slowRank }) => late?.rank === slowRank).length
  console.log(
    `A rank slow by ${percent(slower)} in its ${kind}: ${found} of ${outcomes.length} name it (at least 19 of 20 must).`,
  )
  return found >= bars.found * outcomes.length
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`
}
