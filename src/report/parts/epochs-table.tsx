import type { EpochRecord } from '../../shared/child/trainer-protocol.js'
import { epochRows, epochTexts } from '../../shared/results/epoch-rows.js'
import type { StrategyResult } from '../../shared/results/strategy-results.js'
import { formatCount, notAvailable } from '../../shared/text/format.js'
import { DataTable } from './data-table.js'

/** What a page and a half hold; whoever wants more reads the results themselves. */
const mostRows = 40

/** Time and loss of each epoch, a column a strategy, each repeat's by itself. */
export function EpochsTable({ results }: { results: readonly StrategyResult[] }) {
  const measured = results.filter(({ repeats }) => repeats.some(({ epochs }) => epochs.length > 0))
  const rows = epochRows(measured)
  if (rows.length === 0) return null
  const isRepeated = rows.some(({ block }) => block > 0)
  const shown = rows.slice(0, mostRows)
  return (
    <>
      <DataTable
        caption="Every epoch: seconds, mean loss, and test accuracy where it was measured"
        columns={[
          { title: isRepeated ? 'Block, epoch' : 'Epoch' },
          ...measured.map(({ title }) => ({ title, isNumeric: true })),
        ]}
        rows={shown.map(({ block, epoch }) => ({
          key: `${block} ${epoch}`,
          head: isRepeated ? `${block + 1}, ${epoch + 1}` : epoch + 1,
          cells: measured.map(({ repeats }) =>
            formatEpoch(repeats.find((repeat) => repeat.block === block)?.epochs[epoch]),
          ),
        }))}
      />
      {rows.length > shown.length && (
        <p className="aside">
          The first {formatCount(shown.length)} of {formatCount(rows.length)} epochs; results.json has them
          all.
        </p>
      )}
    </>
  )
}

function formatEpoch(epoch: EpochRecord | undefined): string {
  if (epoch === undefined) return notAvailable
  const { seconds, loss, accuracy } = epochTexts(epoch)
  return [seconds, loss, ...(epoch.testAccuracy === null ? [] : [accuracy])].join(' · ')
}
