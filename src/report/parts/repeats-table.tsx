import { findBaseOf } from '../../shared/domain/measurement-ids.js'
import type { StrategyResult } from '../../shared/results/strategy-results.js'
import { imagesPerSecond } from '../../shared/results/summary.js'
import { rateUnit } from '../../shared/run/trained-unit.js'
import { formatRate, formatSpeedup, notAvailable } from '../../shared/text/format.js'
import { DataTable } from './data-table.js'

/** Every measurement by itself: images/s, and the speedup over Single's in the same block. */
export function RepeatsTable({ results }: { results: readonly StrategyResult[] }) {
  const blocks = [...new Set(results.flatMap(({ repeats }) => repeats.map(({ block }) => block)))].sort(
    (a, b) => a - b,
  )
  if (blocks.length < 2) return null
  const measured = results.filter((result) => result.imagesPerSecond !== null)
  const rate = (result: StrategyResult, block: number): number | null =>
    imagesPerSecond(result.repeats.find((repeat) => repeat.block === block)?.epochs ?? [])
  const cell = (result: StrategyResult, block: number): string => {
    const base = findBaseOf(measured, result)
    const [own, other] = [rate(result, block), base === undefined ? null : rate(base, block)]
    if (own === null) return notAvailable
    return result === base || other === null
      ? formatRate(own)
      : `${formatRate(own)} (${formatSpeedup(own / other)})`
  }
  return (
    <DataTable
      caption={`Every run: ${rateUnit(results[0]?.unit ?? 'image')}, and the speedup over Single’s in the same block`}
      columns={[{ title: 'Block' }, ...measured.map(({ title }) => ({ title, isNumeric: true }))]}
      rows={blocks.map((block) => ({
        key: String(block),
        head: block + 1,
        cells: measured.map((result) => cell(result, block)),
      }))}
    />
  )
}
