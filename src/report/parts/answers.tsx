import { type AnswerRow, answersOf } from '../../shared/figures/answer-row.js'
import type { StrategyResult } from '../../shared/results/strategy-results.js'
import { strategyStyle } from '../../shared/strategy-style.js'
import type { StrategyValidity } from '../../shared/validity/judge-run.js'

/** How much faster: a line a strategy, the finding in large type and what it rests on beside it. */
export function Answers({
  results,
  strategies,
}: {
  results: readonly StrategyResult[]
  strategies: readonly StrategyValidity[]
}) {
  const { rows, bases } = answersOf(results, strategies)
  return (
    <div className="answers">
      {rows
        .filter(({ isBase }) => !isBase)
        .map((row) => (
          <AnswerLine key={row.id} row={row} />
        ))}
      {bases.map((base) => (
        <p key={base} className="base">
          {base}
        </p>
      ))}
    </div>
  )
}

function AnswerLine({ row }: { row: AnswerRow }) {
  const { id, title, devices, badge, headline, interval, sentence, warning } = row
  return (
    <div className="answer" data-unreliable={badge === 'unreliable' || undefined}>
      <Mark id={id} />
      <div className="finding">
        <p className="figure">{headline}</p>
        <p className="who">
          {title}, {devices}
        </p>
        <p className="who">{interval}</p>
        {warning !== null && <p className="warning">{warning}</p>}
      </div>
      <p className="grounds">{sentence}</p>
    </div>
  )
}

/** The strategy's colour, as in the charts. */
function Mark({ id }: { id: string }) {
  return (
    <svg
      className="mark"
      width={4}
      height={40}
      viewBox="0 0 4 40"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect width={4} height={40} fill={strategyStyle(id, 'light').colour} />
    </svg>
  )
}
