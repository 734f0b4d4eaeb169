import { assertNever } from '../errors.js'
import type { StrategyResult } from '../results/strategy-results.js'
import { rateUnit } from '../run/trained-unit.js'
import { formatQuantity, formatThroughput } from '../text/format.js'
import type { Answer } from './answer.js'
import { answerHeadline } from './answer-text.js'
import { formatRatio } from './ratio-text.js'

/**
 * What a run came to, in one line for a heading: `DDP is 1.42x faster on 2 CPU devices (1.39 to 1.45)`. It speaks of the
 * strategy that stands last in every table, which uses most devices; null where nothing was measured.
 */
export function runHeadline(results: readonly StrategyResult[]): string | null {
  const answered = results.filter(({ answer }) => answer !== null)
  const result = answered.findLast(({ devices }) => devices.length > 1) ?? answered.at(-1)
  if (result?.answer != null) return headline(result.answer)
  const measured = results.find(({ imagesPerSecond }) => imagesPerSecond !== null)
  return measured === undefined
    ? null
    : `${measured.title} trains ${formatThroughput(measured.imagesPerSecond, measured.unit)}`
}

const deviceNames = { gpu: 'GPU', cpu: 'CPU device', core: 'core' } as const

function headline(answer: Answer): string {
  const { title, baseTitle, devices, comparison } = answer
  const where = `on ${formatQuantity(devices.count, deviceNames[devices.kind])}`
  if (comparison.kind === 'not-comparable') return `${title} ${where} cannot be compared with ${baseTitle}`
  const { estimate, verdict } = comparison
  const { speedup, low, high } = estimate
  const { ratio, interval, ends } = formatRatio({ ratio: speedup, low, high })
  const range = ends ?? interval
  switch (verdict.kind) {
    case 'faster':
      return `${title} is ${ratio}x faster ${where} (${range})`
    case 'slower':
      return `${title} is slower ${where}: ${ratio}x as fast as ${baseTitle} (${range})`
    case 'same':
      return `${title} ${where} is as fast as ${baseTitle} (${range})`
    case 'undecided':
      return `Is ${title} faster ${where}? ${ratio}x (${range}), ${answerHeadline(answer)}`
    case 'one-repeat':
      return `${title} made ${ratio}x the ${rateUnit(answer.unit)} ${where}, in one repeat`
    default:
      return assertNever(verdict.kind, 'verdict')
  }
}
