import { deviceKindTitle } from '../domain/device-kinds.js'
import { isBase, isOnAllCores } from '../domain/measurement-ids.js'
import { type MeasurementSummary, statusTexts } from '../results/results.js'
import type { StrategyResult } from '../results/strategy-results.js'
import { deviceEquivalents } from '../results/summary.js'
import { notDecided } from '../statistics/answer-text.js'
import { formatRatio } from '../statistics/ratio-text.js'
import { hasInterval } from '../statistics/speedup-estimate.js'
import { formatPercent, formatQuantity, formatSpeedup, formatThroughput } from './format.js'

/** `2 GPUs`, `2 CPU devices`, or the cores of a measurement on all of them. */
export function describeDevices({ id, devices }: MeasurementSummary): string {
  return isOnAllCores({ id })
    ? formatQuantity(devices.flatMap((device) => device.cores).length, 'core')
    : formatQuantity(devices.length, deviceKindTitle(devices))
}

/** What a speedup is worth, in a line: the figure with its base and what it stands on. Null for Single itself, and without it. */
export function speedupLine(measurement: StrategyResult, base: StrategyResult | undefined): string | null {
  const { id, title, speedup, efficiency } = measurement
  if (base === undefined || isBase({ id })) return null
  const line = `Speedup ${title} vs ${base.title}: ${formatSpeedup(speedup)}`
  if (speedup === null) return `${line} (${whyNotCompared(measurement, base)})`
  const rates = `${formatThroughput(measurement.imagesPerSecond, measurement.unit)}, ${base.title} ${formatThroughput(base.imagesPerSecond, base.unit)}`
  const flag = efficiency !== null && efficiency > 1 ? ', above 100 %: treat with care' : ''
  const share = `efficiency ${formatPercent(efficiency)} on ${describeEquivalents(measurement, base)}${flag}`
  const certainty = describeCertainty(measurement)
  return `${line} (${rates}; ${share}; ${certainty})`
}

/** `95 % 1.66 to 1.76 from 5 blocks: faster`, or that there is no interval. */
export function describeCertainty({ answer }: StrategyResult): string {
  if (answer === null || answer.comparison.kind === 'not-comparable') return 'no interval'
  const { estimate, verdict } = answer.comparison
  if (!hasInterval(estimate)) return 'no interval: one repeat'
  const { speedup, low, high, blocks } = estimate
  return `${formatRatio({ ratio: speedup, low, high }).interval} from ${formatQuantity(blocks, 'block')}: ${verdict.kind === 'undecided' ? notDecided(estimate) : verdict.kind}`
}

/** Why there is no speedup: the two cannot be compared, or one of them is missing. */
export function whyNotCompared(measurement: StrategyResult, base: MeasurementSummary): string {
  const comparison = measurement.answer?.comparison
  if (comparison?.kind === 'not-comparable') return `not comparable: ${comparison.reason}`
  if (measurement.imagesPerSecond === null)
    return measurement.skipReason ?? `${measurement.title} ${statusTexts[measurement.status]}`
  return `${base.title} ${base.skipReason ?? statusTexts[base.status]}`
}

/** What an efficiency is a share of: `2 CPU devices`. */
export function describeEquivalents(measurement: MeasurementSummary, base: MeasurementSummary): string {
  const kind = deviceKindTitle(base.devices)
  const count = deviceEquivalents(measurement, base)
  const quantity = Number.isInteger(count) ? formatQuantity(count, kind) : `${count.toFixed(1)} ${kind}s`
  return isOnAllCores(measurement) ? `the cores of ${quantity}` : quantity
}
