import type { Report } from '../../shared/report/report.js'
import { formatDuration } from '../../shared/text/format.js'
import { formatTime } from './text.js'
import { ValidityBadge } from './validity.js'

/** What was measured, when and where; and, before anything else, what keeps it from being a whole run. */
export function Heading({ report: { title, head, standing, validity } }: { report: Report }) {
  const { startedAt, finishedAt, machine, runId } = head
  const took = finishedAt === null ? null : (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000
  return (
    <header>
      <p className="kicker">Tandem training benchmark</p>
      <h1>{title}</h1>
      <p className="when">
        {formatTime(startedAt)}
        {took !== null && `, ${formatDuration(took)}`} on {machine.hostName} · run {runId}
      </p>
      {standing.explanation !== null && (
        <div className="notice">
          <p>
            <strong>{standing.title}.</strong> {standing.explanation}
          </p>
          {standing.problems.length > 0 && (
            <ul>
              {standing.problems.map(({ id, title: strategy, text }) => (
                <li key={id}>
                  <strong>{strategy}:</strong> {text}
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
      {validity.strategies.length > 0 && <ValidityBadge validity={validity} />}
    </header>
  )
}
