import { engineText } from '../domain/engines.js'
import { isBase } from '../domain/measurement-ids.js'
import { statusTexts } from '../results/results.js'
import type { StrategyResult } from '../results/strategy-results.js'
import { knowsSamples } from '../run/trained-unit.js'
import { formatRatio } from '../statistics/ratio-text.js'
import { hasInterval } from '../statistics/speedup-estimate.js'
import { describeDevices } from '../text/comparison-text.js'
import {
  formatBytes,
  formatCount,
  formatPercent,
  formatRate,
  formatSeconds,
  formatSpeedup,
  formatThroughput,
  notAvailable,
} from '../text/format.js'
import { markUnreliable } from '../validity/validity-text.js'

/** The figures of one strategy over all its repeats, as people read them. Views choose among them and derive nothing. */
export interface StrategyRow {
  id: string
  title: string
  /** Why nothing was measured; null where something was. */
  absence: string | null
  /** Whether its figures are not to be relied on: they are marked in words, and may be greyed besides. */
  isUnreliable: boolean
  devices: string
  engine: string
  globalBatch: string
  meanEpoch: string
  imagesPerSecond: string
  /** The same without its unit. */
  rate: string
  /** `base` for what the others are held against. */
  speedup: string
  /** `1.66 to 1.76`; N/A for the base and for one repeat. */
  interval: string
  efficiency: string
  /** Autotuning, tracing and the first step, of the latest repeat: later ones know what was timed. */
  warmUp: string
  /** The most of any repeat. */
  peakMemory: string
}

/** @param unreliable the ids of those whose figures are not to be relied on */
export function strategyRows(
  results: readonly StrategyResult[],
  unreliable: ReadonlySet<string> = new Set(),
): StrategyRow[] {
  return results.map((result) => strategyRow(result, unreliable.has(result.id)))
}

function strategyRow(result: StrategyResult, isUnreliable: boolean): StrategyRow {
  const { id, title, imagesPerSecond, speedup, status, skipReason, error } = result
  const isMeasured = imagesPerSecond !== null
  return {
    id,
    title,
    absence: isMeasured ? null : (skipReason ?? error?.message ?? statusTexts[status]),
    isUnreliable,
    devices: isMeasured ? describeDevices(result) : notAvailable,
    engine: engineText(result) ?? notAvailable,
    globalBatch: isMeasured && knowsSamples(result.unit) ? formatCount(result.globalBatchSize) : notAvailable,
    meanEpoch: formatSeconds(result.meanEpochSeconds),
    imagesPerSecond: formatThroughput(imagesPerSecond, result.unit),
    rate: formatRate(imagesPerSecond),
    speedup:
      isBase({ id }) && isMeasured
        ? 'base'
        : markUnreliable(formatSpeedup(speedup), isUnreliable && speedup !== null),
    interval: intervalText(result),
    efficiency: formatPercent(result.efficiency),
    warmUp: formatSeconds(warmUpSeconds(result)),
    peakMemory: formatBytes(result.peakMemoryBytes),
  }
}

/** With as many decimals as sentences have: as many as keep its ends on their side of 1. */
export function intervalText({ answer }: StrategyResult): string {
  if (answer?.comparison.kind !== 'compared') return notAvailable
  const { estimate } = answer.comparison
  if (!hasInterval(estimate)) return notAvailable
  return formatRatio({ ratio: estimate.speedup, low: estimate.low, high: estimate.high }).ends ?? notAvailable
}

/** Null before it was warm. */
function warmUpSeconds({ traceMs, firstStepMs, autotune }: StrategyResult): number | null {
  if (traceMs === null && firstStepMs === null) return null
  return ((autotune?.tuneMs ?? 0) + (traceMs ?? 0) + (firstStepMs ?? 0)) / 1000
}
