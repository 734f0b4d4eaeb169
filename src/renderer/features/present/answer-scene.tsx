import { useComputedColorScheme } from '@mantine/core'
import type { RunAnalysis } from '../../../shared/analysis/run-analysis.js'
import { isBase } from '../../../shared/domain/measurement-ids.js'
import { statusTexts } from '../../../shared/results/results.js'
import type { StrategyResult } from '../../../shared/results/strategy-results.js'
import { answerFigures } from '../../../shared/statistics/answer-text.js'
import { runHeadline } from '../../../shared/statistics/headline.js'
import { strategyStyle } from '../../../shared/strategy-style.js'
import { capitalised, formatSpeedup, formatThroughput, notAvailable } from '../../../shared/text/format.js'
import type { Badge } from '../../../shared/validity/finding.js'
import { badgeTitles } from '../../../shared/validity/validity-text.js'
import { useAnswer } from '../../state/use-answer.js'
import styles from './present-screen.module.css'
import { SceneNotice } from './scene-notice.js'

/** What the run came to: each speedup with its interval and how far to rely on it. */
export function AnswerScene({ runId }: { runId: string }) {
  const analysed = useAnswer('analyseRun', { runId })
  if (analysed.kind !== 'answer') return <SceneNotice title="Answer" answered={analysed} />
  const { results, validity } = analysed.answer
  const badgeOf = (id: string): Badge =>
    validity.strategies.find((strategy) => strategy.id === id)?.badge ?? validity.badge
  return (
    <>
      <h1 className={styles.title}>{headline(analysed.answer)}</h1>
      <ul className={styles.answers} aria-label="Answers">
        {results.map((result) => (
          <AnswerRow key={result.id} result={result} badge={badgeOf(result.id)} />
        ))}
      </ul>
    </>
  )
}

function headline({ results, validity }: RunAnalysis): string {
  const said = runHeadline(results) ?? 'Nothing was measured'
  return validity.badge === 'unreliable' ? `Unreliable: ${said}` : said
}

function AnswerRow({ result, badge }: { result: StrategyResult; badge: Badge }) {
  const scheme = useComputedColorScheme('light')
  const { id, title, imagesPerSecond, speedup, answer, unit } = result
  const compared = answer?.comparison.kind === 'compared'
  // The base, and what has none, have images/s of their own.
  const own = answer === null ? formatThroughput(imagesPerSecond, unit) : notAvailable
  const large = compared ? formatSpeedup(speedup) : own
  const basis = answer === null ? basisOf(result) : answerFigures(answer)
  return (
    <li className={styles.answer} style={{ borderColor: strategyStyle(id, scheme).colour }}>
      <span className={styles.name}>{title}</span>
      <span className={styles.large} data-grey={badge === 'unreliable'}>
        {large}
      </span>
      <span className={styles.basis}>{basis}</span>
      <span className={styles.basis}>{imagesPerSecond === null ? '' : capitalised(badgeTitles[badge])}</span>
    </li>
  )
}

/** What stands beside images/s of its own, or why there are none. */
function basisOf({ id, imagesPerSecond, skipReason, status }: StrategyResult): string {
  if (imagesPerSecond === null) return capitalised(skipReason ?? statusTexts[status])
  return isBase({ id }) ? 'The base' : 'Nothing to compare it with'
}
