import { trainedUnits } from '../../shared/run/trained-unit.js'
import { capitalised, formatCount, notAvailable } from '../../shared/text/format.js'
import type { RunValidity, StrategyValidity } from '../../shared/validity/judge-run.js'
import {
  badgeTitles,
  countFindings,
  severityTitles,
  validityHeadline,
} from '../../shared/validity/validity-text.js'
import { DataTable } from './data-table.js'

/** How far the figures can be relied on, in a line beside the run's title. */
export function ValidityBadge({ validity }: { validity: RunValidity }) {
  const { badge, findings } = validity
  return (
    <p className="validity" data-badge={badge}>
      <strong>{capitalised(validityHeadline(validity))}</strong>
      <span>{countFindings(findings) ?? 'equal work, the same training, and a quiet machine'}</span>
    </p>
  )
}

/** What was found, the worst first; nothing where nothing was. */
export function Findings({ validity: { findings } }: { validity: RunValidity }) {
  if (findings.length === 0) return null
  return (
    <div>
      <h3>What to know before relying on them</h3>
      <ul className="findings">
        {findings.map(({ severity, message }) => (
          <li key={message} data-severity={severity}>
            <strong>{severityTitles[severity]}:</strong> {message}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** What each strategy was given to do, beside each other: that work was equal is shown, not claimed. */
export function WorkTable({ strategies }: { strategies: readonly StrategyValidity[] }) {
  if (strategies.length === 0) return null
  // What a script's own settings are is its own affair.
  const isOfScript = strategies.some(({ work }) => work.isOfSteps)
  return (
    <DataTable
      caption="The work of each strategy, in its latest repeat"
      columns={[
        { title: 'Strategy' },
        { title: 'Figures' },
        {
          title: `${capitalised(trainedUnits[strategies[0]?.work.unit ?? 'image'].many)} per epoch`,
          isNumeric: true,
        },
        { title: 'Steps per epoch', isNumeric: true },
        { title: 'Epochs', isNumeric: true },
        { title: 'Batch per device', isNumeric: true },
        { title: 'Global batch', isNumeric: true },
        ...(isOfScript ? [] : [{ title: 'Precision' }]),
      ]}
      rows={strategies.map(({ id, title, badge, work }) => ({
        key: id,
        head: title,
        cells: [
          badgeTitles[badge],
          countOrNone(work.images),
          countOrNone(work.steps),
          formatCount(work.epochs),
          countOrNone(work.perDeviceBatchSize),
          countOrNone(work.globalBatchSize),
          ...(isOfScript ? [] : [work.precision]),
        ],
      }))}
    />
  )
}

function countOrNone(count: number | null): string {
  return count === null ? notAvailable : formatCount(count)
}
