import type { RankGroup } from '../collectives/rank-group.js'
import { distinctUses, type TunedConvolution } from '../tuning/autotuner.js'
import type { Autotuner } from './create-autotuner.js'

/**
 * An autotuner whose ranks all compute alike: rank 0 times and chooses, the others take over its choices. Their steps
 * then take equally long, where noise could have chosen a slower lowering for one of them that all would wait for.
 * Every rank has the same uses in the same order.
 */
export function agreedAutotuner(autotuner: Autotuner, group: RankGroup): Autotuner {
  return {
    report: autotuner.report && group.rank === 0,
    names: autotuner.names,
    known: autotuner.known,
    async tune(uses, onProgress) {
      const own = group.rank === 0 ? await autotuner.tune(uses, onProgress) : untuned(autotuner, uses)
      const position = ({ use, chosen }: TunedConvolution) => autotuner.names(use).indexOf(chosen)
      const agreed = await group.broadcast(Float32Array.from(own, position))
      return own.map((tuned, index) => ({
        ...tuned,
        chosen: autotuner.names(tuned.use)[agreed[index] ?? 0] ?? tuned.usual,
      }))
    },
    async onAnyRank(holds) {
      const [ranks = 0] = await group.sum(Float32Array.of(holds ? 1 : 0))
      return ranks > 0
    },
  }
}

function untuned(autotuner: Autotuner, uses: Parameters<Autotuner['tune']>[0]): TunedConvolution[] {
  return distinctUses(uses).map(({ use, count }) => {
    const [usual = ''] = autotuner.names(use)
    return { use, count, usual, chosen: usual, times: null, fromCache: false }
  })
}
