import { isBase } from '../domain/measurement-ids.js'
import { assertNever } from '../errors.js'
import type { RatioEstimate } from '../statistics/ratio-estimate.js'
import { formatRatio } from '../statistics/ratio-text.js'
import { equivalenceMargin, type VerdictKind } from '../statistics/verdict.js'
import {
  formatInterval,
  formatQuantity,
  formatRate,
  formatSpeedup,
  formatThroughput,
  notAvailable,
} from '../text/format.js'
import type { Badge } from '../validity/finding.js'
import { badgeTitles, markUnreliable } from '../validity/validity-text.js'
import type { StrategyChange } from './strategy-change.js'
import type { StrategySide } from './strategy-side.js'

/** What the two runs are called beside each other. */
export interface SideNames {
  base: string
  other: string
}

/** `A`, `B` ...: what stands for a run where its name would be too long. */
export function runLetter(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + (index % 26))
}

const verdictWords: Record<VerdictKind, string> = {
  faster: 'faster',
  slower: 'slower',
  same: 'same',
  undecided: 'undecided',
  'one-repeat': 'no verdict: one repeat',
}

/** The verdict in a word or two: `faster`, `not comparable`. */
export function changeVerdict(change: StrategyChange): string {
  switch (change.kind) {
    case 'compared':
      return verdictWords[change.verdict.kind]
    case 'not-comparable':
      return 'not comparable'
    case 'missing':
      return notAvailable
    default:
      return assertNever(change, 'change of a strategy')
  }
}

/** `1.04x` */
export function changeRatio(change: StrategyChange): string {
  return change.kind === 'missing' ? notAvailable : `${formatRatio(change.estimate).ratio}x`
}

/** `1.02 to 1.06`; only where runs were compared, and have repeats. */
export function changeInterval(change: StrategyChange): string {
  if (change.kind !== 'compared') return notAvailable
  return formatRatio(change.estimate).ends ?? notAvailable
}

/** `612 images/s, 605 to 620 in 5 repeats`; why there is none where there is none. */
export function sideText({ imagesPerSecond, rates, unit, absence, badge }: StrategySide): string {
  if (absence !== null) return `${notAvailable}: ${absence}`
  const rate = markUnreliable(formatThroughput(imagesPerSecond, unit), badge === 'unreliable')
  if (rates.length < 2) return rate
  return `${rate}, ${formatInterval(Math.min(...rates), Math.max(...rates), formatRate)} in ${formatQuantity(rates.length, 'repeat')}`
}

/** `1.71x (1.66 to 1.76)`, `base` for Single. */
export function sideSpeedup(id: string, { speedup, absence, badge }: StrategySide): string {
  if (absence !== null || (speedup === null && !isBase({ id }))) return notAvailable
  if (speedup === null) return 'base'
  const { ends } = formatRatio(speedup)
  const text = markUnreliable(formatSpeedup(speedup.ratio), badge === 'unreliable')
  return ends === null ? text : `${text} (${ends})`
}

/** The same where no sign can stand beside it: `1.71x (1.66 to 1.76), valid`. */
export function judgedSpeedup(id: string, side: StrategySide): string {
  const text = sideSpeedup(id, side)
  const isJudged = side.speedup !== null && side.badge !== null && side.badge !== 'unreliable'
  return isJudged ? `${text}, ${badgeTitles[side.badge as Badge]}` : text
}

/** The finding on one strategy as a person would say it, in one sentence without a full stop. */
export function changeSentence(title: string, change: StrategyChange, { base, other }: SideNames): string {
  switch (change.kind) {
    case 'missing':
      return `${title}: not compared, because ${change.in === 'base' ? base : other} has no figure: ${change.reason}`
    case 'not-comparable':
      return `${title}: not comparable: ${change.reason} (${formatRatio(change.estimate).ratio}x the throughput)`
    case 'compared':
      return `${title}: ${finding(change.estimate, change.verdict.kind, withEngines({ base, other }, change.engines))}`
    default:
      return assertNever(change, 'change of a strategy')
  }
}

/** `run B (PyTorch)`: between engines, the verdict is on both. */
function withEngines(
  { base, other }: SideNames,
  engines: { base: string; other: string } | undefined,
): SideNames {
  if (engines === undefined) return { base, other }
  return { base: `${base} (${engines.base})`, other: `${other} (${engines.other})` }
}

function finding(estimate: RatioEstimate, verdict: VerdictKind, { base, other }: SideNames): string {
  const { ratio, interval } = formatRatio(estimate)
  const isOneEach = estimate.baseRepeats === 1 && estimate.repeats === 1
  const repeats = isOneEach ? 'one repeat each' : `${estimate.baseRepeats} and ${estimate.repeats} repeats`
  const figures = `${ratio}x the throughput (${interval}; ${repeats})`
  switch (verdict) {
    case 'faster':
    case 'slower':
      return `${other} is ${verdict} than ${base}, ${figures}`
    case 'same':
      return `${other} is as fast as ${base}, ${figures}, within the ${equivalenceMargin * 100} % that counts as no difference`
    case 'undecided':
      return `whether ${other} is faster or slower than ${base} is undecided, ${figures}`
    case 'one-repeat':
      return `${other} made ${ratio}x the throughput of ${base} (${repeats}), which may be chance: no interval, no verdict`
    default:
      return assertNever(verdict, 'verdict')
  }
}
