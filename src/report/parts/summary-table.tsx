import { strategyRows } from '../../shared/figures/strategy-row.js'
import type { StepTimes } from '../../shared/report/step-times.js'
import type { StrategyResult } from '../../shared/results/strategy-results.js'
import { rateTitle } from '../../shared/run/trained-unit.js'
import { formatCount, formatStepTime, notAvailable } from '../../shared/text/format.js'
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
        { title: rateTitle(results[0]?.unit ?? 'image'), isNumeric: true },
        { title: 'Speedup', isNumeric: true },
        { title: '95 % interval', isNumeric: true },
        { title: 'Efficiency', isNumeric: true },
      ]}
      rows={strategyRows(results, unreliable).map((row): TableRow => {
        const { id: key, title: head, absence, isUnreliable: isGrey } = row
        if (absence !== null) return { key, head, cells: { across: `${notAvailable}: ${absence}` } }
        return {
          key,
          head,
          isGrey,
          cells: [
            row.devices,
            row.globalBatch,
            row.meanEpoch,
            row.rate,
            row.speedup,
            row.interval,
            row.efficiency,
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
      rows={strategyRows(results).flatMap((row): TableRow[] => {
        const own = times.find(({ id }) => id === row.id)
        if (own === undefined) return []
        return [
          {
            key: row.id,
            head: row.title,
            cells: [
              row.engine,
              formatCount(own.steps),
              formatStepTime(own.medianMs),
              formatStepTime(own.p95Ms),
              row.warmUp,
              row.peakMemory,
            ],
          },
        ]
      })}
    />
  )
}
