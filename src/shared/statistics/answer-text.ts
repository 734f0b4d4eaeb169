import { assertNever } from '../errors.js'
import { knowsSamples, rateUnit } from '../run/trained-unit.js'
import { formatCount, formatNumberWord, formatQuantity, formatThroughput } from '../text/format.js'
import type { Answer, Comparison } from './answer.js'
import type { Efficiency } from './efficiency.js'
import { formatRatio, type RatioText } from './ratio-text.js'
import { confidence, type SpeedupEstimate } from './speedup-estimate.js'
import { equivalenceMargin, type Verdict } from './verdict.js'

type Compared = Extract<Comparison, { kind: 'compared' }>

/** The answer in a few words, for a heading: `1.71x faster`, `not decided in three blocks`. */
export function answerHeadline({ baseTitle, comparison }: Answer): string {
  if (comparison.kind === 'not-comparable') return 'not comparable'
  const { estimate, verdict } = comparison
  const speedup = `${formatSpeedupEstimate(estimate).ratio}x`
  switch (verdict.kind) {
    case 'faster':
      return `${speedup} faster`
    case 'slower':
      return `slower, ${speedup} as fast`
    case 'same':
      return `as fast as ${baseTitle}`
    case 'undecided':
      return notDecided(estimate)
    case 'one-repeat':
      return `${speedup} in one repeat`
    default:
      return assertNever(verdict.kind, 'verdict')
  }
}

/**
 * The answer as a person would say it, in one sentence without a full stop: the finding, its interval and efficiency,
 * then what it rests on: the base's images/s, the repeats, what was kept equal, what was on the clock.
 */
export function answerSentence(answer: Answer): string {
  const { comparison } = answer
  const found =
    comparison.kind === 'compared'
      ? finding(answer, comparison)
      : `${notComparable(answer, comparison.reason)}; its own ${formatThroughput(answer.imagesPerSecond, answer.unit)}`
  return [found, ...answerBasis(answer)].join('; ')
}

/** The figures that stand beside a speedup in a table or on a card: `95 % 1.39 to 1.45, 71 % efficiency`. */
export function answerFigures(answer: Answer): string {
  const { comparison } = answer
  if (comparison.kind === 'not-comparable') return comparison.reason
  const { estimate, verdict, efficiency } = comparison
  const { interval } = formatSpeedupEstimate(estimate)
  return `${interval}${remarkOn(verdict, estimate)}, ${describeEfficiency(efficiency)}`
}

/** What the answer rests on, a part each: the base's images/s, the repeats, what was kept equal, what was on the clock. */
export function answerBasis(answer: Answer): string[] {
  const { comparison, devices, baseImagesPerSecond, unit } = answer
  return [
    `base ${formatThroughput(baseImagesPerSecond, unit)}`,
    ...(comparison.kind === 'compared' ? [repeats(comparison)] : []),
    keptEqual(answer),
    'data on the clock',
    ...(devices.kind === 'gpu' ? [] : ['CPU devices are shares of one processor, not GPUs']),
  ]
}

function finding(answer: Answer, { estimate, verdict, efficiency }: Compared): string {
  const { ratio: speedup, interval } = formatSpeedupEstimate(estimate)
  const subject = `${answer.title} on ${describe(answer.devices)}`
  const remark = remarkOn(verdict, estimate)
  const figures = `(${interval}${remark}), ${describeEfficiency(efficiency)}`
  switch (verdict.kind) {
    case 'faster':
      return `${subject} trains ${speedup}x faster ${figures}`
    case 'slower':
      return `${subject} trains slower than ${answer.baseTitle}, ${speedup}x as fast ${figures}`
    case 'same':
      return `${subject} trains as fast as ${answer.baseTitle}, ${speedup}x ${figures}`
    case 'undecided':
      return `whether ${subject} trains faster or slower than ${answer.baseTitle} is ${notDecided(estimate)}, ${speedup}x ${figures}`
    case 'one-repeat':
      return `${subject} made ${speedup}x the ${rateUnit(answer.unit)} of ${answer.baseTitle} in one repeat, which may be chance: no interval, no verdict, ${describeEfficiency(efficiency)}`
    default:
      return assertNever(verdict.kind, 'verdict')
  }
}

/** `not decided in three blocks`: the difference, if there is one, is smaller than so many blocks can show. */
export function notDecided({ blocks }: Pick<SpeedupEstimate, 'blocks'>): string {
  return `not decided in ${formatNumberWord(blocks)} ${blocks === 1 ? 'block' : 'blocks'}`
}

/** What a reader who looks at the interval alone would take wrongly. */
function remarkOn(
  { kind, withinMargin, adjustedPValue, comparisons }: Verdict,
  estimate: SpeedupEstimate,
): string {
  const margin = `${equivalenceMargin * 100} %`
  if (kind === 'same') return `, within the ${margin} that counts as no difference`
  if ((kind === 'faster' || kind === 'slower') && withinMargin)
    return `, but by less than the ${margin} that matters`
  const alone = estimate.pValue ?? 1
  if (kind === 'undecided' && alone <= 1 - confidence && adjustedPValue !== null) {
    return `, which excludes 1 only until it is corrected for comparing ${comparisons} strategies, p = ${adjustedPValue.toFixed(2)}`
  }
  return ''
}

function notComparable({ title, baseTitle, devices }: Answer, reason: string): string {
  return `${title} on ${describe(devices)} is not comparable with ${baseTitle}: ${reason}`
}

function describe({ kind, count }: Answer['devices']): string {
  const names = { gpu: 'GPU', cpu: 'CPU device', core: 'core' }
  return formatQuantity(count, names[kind])
}

/** `86 % efficiency`; the interval is the speedup's over the devices, so it is not said again. */
function describeEfficiency({ efficiency, aboveIdeal }: Efficiency): string {
  const percent = Math.round(efficiency * 100)
  if (percent <= 100) return `${percent} % efficiency`
  const flag = aboveIdeal === 'surely' ? 'more than the devices explain' : 'treat with care'
  return `${percent} % efficiency, above 100 %: ${flag}`
}

function repeats({ estimate: { blocks }, blocksFixedBeforehand }: Compared): string {
  const count = formatQuantity(blocks, 'block')
  return blocksFixedBeforehand ? count : `${count}, repeated until the interval was narrow enough`
}

function keptEqual({ scaling, perDeviceBatchSize, globalBatchSize, unit }: Answer): string {
  if (!knowsSamples(unit)) return 'each step of a rank taken for equal work'
  const [each, all] = [formatCount(perDeviceBatchSize), formatCount(globalBatchSize)]
  switch (scaling) {
    case 'strong':
      return `fixed global batch ${all}`
    case 'weak':
      return `weak scaling: fixed batch ${each} per device, ${all} in all`
    default:
      return assertNever(scaling, 'kind of scaling')
  }
}

function formatSpeedupEstimate({ speedup, low, high }: SpeedupEstimate): RatioText {
  return formatRatio({ ratio: speedup, low, high })
}
