import { findBaseOf, isBase } from '../../domain/measurement-ids.js'
import type { StrategyResult } from '../../results/strategy-results.js'
import { mean } from '../../statistics/means.js'
import { formatCount, formatList, formatPercent, formatQuantity } from '../../text/format.js'
import type { Finding } from '../finding.js'
import type { Rule } from '../judged-run.js'

/**
 * How far above 100 % the efficiency of one repeat may be before it is more than chance: repeats differ by about 5 % on a
 * machine with neighbours. With several repeats the interval decides.
 */
export const aboveIdealLimit = 1.05

/** From here on a figure is not believed without an explanation, whatever its interval. */
export const unbelievableEfficiency = 1.15

/** How much faster than Single's a strategy's cores or GPUs must have run to explain more than their number. */
const fasterClockLimit = 1.05

/** More than the devices can explain: something else differs between the strategy and its base. */
export const aboveIdeal: Rule = ({ results }) =>
  results.flatMap((result): Finding[] => {
    const { id, title, answer } = result
    if (answer?.comparison.kind !== 'compared') return []
    const { efficiency, aboveIdeal: above, low } = answer.comparison.efficiency
    if (above === 'no') return []
    if (efficiency > unbelievableEfficiency && !explainsMore(result, findBaseOf(results, result))) {
      const message = `${title}'s efficiency is ${formatPercent(efficiency)}, and nothing observed explains more than ${formatPercent(unbelievableEfficiency)}: Single was most likely held up. Measure again.`
      return [{ code: 'above-ideal', severity: 'unreliable', strategies: [id], message }]
    }
    const isSure = above === 'surely' || (low === null && efficiency > aboveIdealLimit)
    const message = isSure
      ? `${title}'s efficiency is ${formatPercent(efficiency)}, more than its devices explain: Single was held up, or a smaller share fits a cache better. Look at Single's conditions, and measure again.`
      : `${title}'s efficiency is ${formatPercent(efficiency)}; above 100 % is chance, as far as Tandem can tell.`
    return [{ code: 'above-ideal', severity: isSure ? 'warning' : 'note', strategies: [id], message }]
  })

/** Larger batches a device than Single's, and higher clocks, make more images/s of the same devices. */
function explainsMore(result: StrategyResult, base: StrategyResult | undefined): boolean {
  if (base === undefined) return false
  const [clock, baseClock] = [meanCpuClock(result), meanCpuClock(base)]
  const isFaster = clock !== null && baseClock !== null && clock > fasterClockLimit * baseClock
  return result.perDeviceBatchSize > base.perDeviceBatchSize || isFaster
}

function meanCpuClock({ repeats }: StrategyResult): number | null {
  return mean(repeats.flatMap(({ conditions }) => conditions?.cpu.clock?.meanMegahertz ?? []))
}

/** Repeats that did not come to their end. */
export const repeatsFailed: Rule = ({ results }) =>
  results.flatMap(({ id, title, repeats, error }): Finding[] => {
    const failed = repeats.filter(({ status }) => status === 'failed').length
    if (failed === 0) return []
    const count =
      repeats.length === 1 ? '' : ` in ${formatCount(failed)} of ${formatQuantity(repeats.length, 'block')}`
    const message = `${title} failed${count}${error === null ? '' : `: ${error.message}`}.`
    return [{ code: 'repeats-failed', severity: 'warning', strategies: [id], message }]
  })

/** Measurements that were disturbed and taken again: what counts is the last one. */
export const measuredAgain: Rule = ({ results }) =>
  results.flatMap(({ id, title, repeats }) =>
    repeats.flatMap(({ block, putAside = [] }): Finding[] => {
      if (putAside.length === 0) return []
      const where = repeats.length === 1 ? title : `${title} in block ${block + 1}`
      const times =
        putAside.length === 1 ? '' : putAside.length === 2 ? ' twice' : ` ${putAside.length} times`
      const reasons = formatList([...new Set(putAside.map(({ reason }) => reason))])
      const message = `${where} was measured again${times}, because it was disturbed: ${reasons}.`
      return [{ code: 'measured-again', severity: 'note', strategies: [id], message }]
    }),
  )

/** Blocks that say nothing about a ratio, since one of the two was not measured in them. */
export const blocksLeftOut: Rule = ({ results, status }) => {
  // While a run goes on, a block has partners that are still to come.
  if (status === 'incomplete') return []
  const measuredIn = (repeats: StrategyResult['repeats']): number[] =>
    repeats.filter(({ epochs }) => epochs.length > 0).map(({ block }) => block)
  const incomplete = results.flatMap(({ id, title, repeats, answer }) => {
    const baseBlocks = measuredIn(findBaseOf(results, { id })?.repeats ?? [])
    const blocks = measuredIn(repeats)
    const paired = blocks.filter((block) => baseBlocks.includes(block)).length
    const all = new Set([...blocks, ...baseBlocks]).size
    return answer === null || paired === all ? [] : [{ id, title, paired, all }]
  })
  return incomplete.map(({ id, title, paired, all }): Finding => {
    const message = `${title} and Single were both measured in ${formatCount(paired)} of ${formatQuantity(all, 'block')}; the others are left out of the speedup.`
    return { code: 'blocks-left-out', severity: 'warning', strategies: [id], message }
  })
}

/** A run that someone ended, that its machine ended, or that goes on. */
export const stopped: Rule = ({ status, results }) => {
  if (status === 'incomplete') {
    const message = 'The run has not ended: figures cover what was measured so far.'
    return [{ code: 'unfinished', severity: 'warning', strategies: [], message }]
  }
  if (status !== 'cancelled') return []
  const partial = results.filter(({ repeats }) => repeats.some((repeat) => repeat.status === 'cancelled'))
  const which =
    partial.length === 0 ? '' : `; ${formatList(partial.map(({ title }) => title))} did not finish`
  return [{ code: 'stopped', severity: 'warning', strategies: [], message: `The run was stopped${which}.` }]
}

/** Figures without anything to hold them against. */
export const noBase: Rule = ({ results }) => {
  const hasFigure = (result: StrategyResult | undefined): boolean =>
    (result?.imagesPerSecond ?? null) !== null
  const parallel = results.filter((result) => !isBase(result) && hasFigure(result))
  const baseless = parallel.filter((result) => !hasFigure(findBaseOf(results, result)))
  if (baseless.length === 0) return []
  // With all of them without, it is the run that has none.
  const isOfRun = baseless.length === parallel.length
  const strategies = isOfRun ? [] : baseless.map(({ id }) => id)
  const without = isOfRun ? '' : ` of ${formatList(baseless.map(({ title }) => title))}`
  const message = `Single was not measured, so there is no speedup${without}. Measure it as well for one.`
  return [{ code: 'no-base', severity: 'note', strategies, message }]
}

/** Nothing to judge. */
export const nothingMeasured: Rule = ({ results }) => {
  if (results.some(({ imagesPerSecond }) => imagesPerSecond !== null)) return []
  return [
    {
      code: 'nothing-measured',
      severity: 'not-comparable',
      strategies: [],
      message: 'Nothing was measured.',
    },
  ]
}
