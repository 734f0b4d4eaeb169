import { parseArgs } from 'node:util'
import { z } from 'zod'
import { planBlocks } from '../../src/shared/statistics/block-plan.js'
import { findLateRank } from '../../src/shared/waterfall/late-rank.js'
import { judgeEven, judgeSlow, nameOf, type Outcome } from '../late-ranks.js'
import { measureScript } from './measure-script.js'

const kinds = ['nothing', 'backward', 'loader'] as const
type Kind = (typeof kinds)[number]

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
  const outcomes: (Outcome & { kind: Kind })[] = []
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
      outcomes.push({ kind, slowRank: kind === 'nothing' ? null : slowRank, late })
      console.log(`block ${index + 1}, ${kind} slow, rank ${slowRank}: names ${nameOf(late)}`)
    }
  }
  const held = chosen.map((kind) => {
    const ofKind = outcomes.filter((outcome) => outcome.kind === kind)
    return kind === 'nothing' ? judgeEven(ofKind) : judgeSlow(ofKind, Number(values.slower), kind)
  })
  return held.every(Boolean) ? 0 : 1
}
