import { formatCount } from '../../text/format.js'
import type { Rule } from '../judged-run.js'

/** How many times as long as the others a rank may work on its steps. Ranks on equal devices are far nearer to each other. */
export const slowRankLimit = 1.5

/** A rank that all others wait for at every step: an unequal share of the machine, not what DDP costs. */
export const slowRank: Rule = ({ results }) =>
  results.flatMap(({ id, title, repeats, devices }) => {
    const slow = repeats.flatMap(({ slowestRank }) =>
      slowestRank !== undefined && slowestRank.timesOthers > slowRankLimit ? [slowestRank] : [],
    )
    const [worst] = [...slow].sort((a, b) => b.timesOthers - a.timesOthers)
    if (worst === undefined) return []
    const of =
      repeats.length === 1 ? '' : ` (in ${formatCount(slow.length)} of ${repeats.length} measurements)`
    const machine = devices[worst.rank]?.machine
    const where = machine === undefined ? '' : ` on node ${machine}`
    const message = `Rank ${worst.rank}${where} of ${title} took up to ${worst.timesOthers.toFixed(1)} times as long for its part of a step as the others, which wait for it every time${of}. See what slows its device: other programs on its cores, heat, a slower one than the others'.`
    return [{ code: 'slow-rank', severity: 'warning', strategies: [id], message }]
  })
