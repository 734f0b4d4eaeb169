import { useComputedColorScheme } from '@mantine/core'
import { type AnswerRow, answersOf } from '../../../shared/figures/answer-row.js'
import type { StrategyResult } from '../../../shared/results/strategy-results.js'
import { strategyStyle } from '../../../shared/strategy-style.js'
import type { StrategyValidity } from '../../../shared/validity/judge-run.js'
import { badgeTitles } from '../../../shared/validity/validity-text.js'
import { ValidityMark } from '../validity/validity-mark.js'
import styles from './answers.module.css'

/** How much faster, in a large figure a strategy; what all of them rest on stands once below. */
export function Answers({
  results,
  strategies,
}: {
  results: readonly StrategyResult[]
  strategies: readonly StrategyValidity[]
}) {
  const { rows, shared } = answersOf(results, strategies)
  return (
    <section>
      <ul className={styles.answers} aria-label="Answers">
        {rows.map((row) => (
          <Card key={row.id} row={row} />
        ))}
      </ul>
      {shared !== null && <p className={styles.basis}>{shared}</p>}
    </section>
  )
}

function Card({ row: { id, title, badge, figure, verdict, detail } }: { row: AnswerRow }) {
  const scheme = useComputedColorScheme('light')
  return (
    <li className={styles.answer}>
      <span
        className={styles.colour}
        style={{ background: strategyStyle(id, scheme).colour }}
        aria-hidden="true"
      />
      <div className={styles.title}>
        {title} {badge !== 'valid' && <ValidityMark badge={badge} words={badgeTitles[badge]} />}
      </div>
      <p className={styles.figure} data-badge={badge}>
        {figure} <span className={styles.verdict}>{verdict}</span>
      </p>
      <p className={styles.detail}>{detail}</p>
    </li>
  )
}
