import { describeDevices } from '../../shared/comparison-text.js'
import { engineText } from '../../shared/domain/engines.js'
import { isBase } from '../../shared/domain/measurement-ids.js'
import {
  formatBytes,
  formatCount,
  formatPercent,
  formatRate,
  formatSeconds,
  formatSpeedup,
  notAvailable,
} from '../../shared/format.js'
import type { StepTimes } from '../../shared/report/step-times.js'
import { hasInterval } from '../../shared/statistics/speedup-estimate.js'
import type { StrategyResult } from '../../shared/strategy-results.js'
import { markUnreliable } from '../../shared/validity/validity-text.js'
import { DataTable, type TableRow } from './data-table.js'

/** The figures of every strategy; what was not measured is N/A, with its reason. */
export function SummaryTable({
  results,
  unreliable,
}: {
  results: readonly StrategyResult[]
  unreliable: ReadonlySet<string>
}) {
  return (
    <DataTable
      caption="The figures of each strategy, over all its repeats"
      columns={[
        { title: 'Strategy' },
        { title: 'Devices' },
        { title: 'Batch', isNumeric: true },
        { title: 'Mean epoch', isNumeric: true },
        { title: 'Images/s', isNumeric: true },
        { title: 'Speedup', isNumeric: true },
        { title: '95 % interval', isNumeric: true },
        { title: 'Efficiency', isNumeric: true },
      ]}
      rows={results.map((result): TableRow => {
        const { id, title, imagesPerSecond, globalBatchSize, meanEpochSeconds, speedup, efficiency } = result
        if (imagesPerSecond === null) return missingRow(result)
        const isUnreliable = unreliable.has(id)
        return {
          key: id,
          head: title,
          isGrey: isUnreliable,
          cells: [
            describeDevices(result),
            formatCount(globalBatchSize),
            formatSeconds(meanEpochSeconds),
            formatRate(imagesPerSecond),
            isBase(result)
              ? 'base'
              : markUnreliable(formatSpeedup(speedup), isUnreliable && speedup !== null),
            formatInterval(result),
            formatPercent(efficiency),
          ],
        }
      })}
    />
  )
}

/** How long steps take, and what comes before the first one. */
export function StepTable({
  results,
  times,
}: {
  results: readonly StrategyResult[]
  times: readonly StepTimes[]
}) {
  return (
    <DataTable
      caption="Steps, warm-up and memory"
      columns={[
        { title: 'Strategy' },
        { title: 'Engine' },
        { title: 'Steps', isNumeric: true },
        { title: 'Median step', isNumeric: true },
        { title: '95th percentile', isNumeric: true },
        { title: 'Warm-up', isNumeric: true },
        { title: 'Peak memory', isNumeric: true },
      ]}
      rows={results.flatMap((result): TableRow[] => {
        const own = times.find(({ id }) => id === result.id)
        if (own === undefined) return []
        return [
          {
            key: result.id,
            head: result.title,
            cells: [
              engineText(result) ?? notAvailable,
              formatCount(own.steps),
              `${own.medianMs.toFixed(1)} ms`,
              `${own.p95Ms.toFixed(1)} ms`,
              formatSeconds(warmUpSeconds(result)),
              formatBytes(result.peakMemoryBytes),
            ],
          },
        ]
      })}
    />
  )
}

function missingRow({ id, title, skipReason, error, status }: StrategyResult): TableRow {
  return {
    key: id,
    head: title,
    cells: { across: `${notAvailable}: ${skipReason ?? error?.message ?? status}` },
  }
}

/** `1.66 to 1.76`; N/A for the base and for one repeat. */
function formatInterval({ answer }: StrategyResult): string {
  if (answer?.comparison.kind !== 'compared') return notAvailable
  const { estimate } = answer.comparison
  return hasInterval(estimate) ? `${estimate.low.toFixed(2)} to ${estimate.high.toFixed(2)}` : notAvailable
}

/** Of the latest repeat; null before it was warm. */
function warmUpSeconds({ traceMs, firstStepMs, autotune }: StrategyResult): number | null {
  if (traceMs === null && firstStepMs === null) return null
  return ((autotune?.tuneMs ?? 0) + (traceMs ?? 0) + (firstStepMs ?? 0)) / 1000
}
