import { useComputedColorScheme } from '@mantine/core'
import { whyNotCompared } from '../../../shared/comparison-text.js'
import { findBaseOf, isBase } from '../../../shared/domain/measurement-ids.js'
import { assertNever } from '../../../shared/errors.js'
import { capitalised, formatImagesPerSecond, formatSpeedup, notAvailable } from '../../../shared/format.js'
import { answerBasis, answerFigures, notDecided } from '../../../shared/statistics/answer-text.js'
import type { StrategyResult } from '../../../shared/strategy-results.js'
import { strategyStyle } from '../../../shared/strategy-style.js'
import type { Badge } from '../../../shared/validity/finding.js'
import type { StrategyValidity } from '../../../shared/validity/judge-run.js'
import { badgeTitles } from '../../../shared/validity/validity-text.js'
import { ValidityMark } from '../validity/validity-mark.js'
import styles from './answers.module.css'

/** How much faster, in a large figure a strategy, with what it stands on. */
export function Answers({
  results,
  strategies,
}: {
  results: readonly StrategyResult[]
  strategies: readonly StrategyValidity[]
}) {
  const badgeOf = (id: string): Badge => strategies.find((strategy) => strategy.id === id)?.badge ?? 'valid'
  const answers = results.flatMap(({ answer }) => answer ?? [])
  const [first, ...others] = answers.map(answerBasis)
  // Said once below the cards, not on each of them.
  const shared = (first ?? []).filter((part) => others.every((basis) => basis.includes(part)))
  return (
    <section>
      <ul className={styles.answers} aria-label="Answers">
        {results.map((result) => (
          <li key={result.id} className={styles.answer}>
            <Colour id={result.id} />
            <p className={styles.title}>
              {result.title} <Mark badge={badgeOf(result.id)} />
            </p>
            <p className={styles.figure} data-badge={badgeOf(result.id)}>
              {figure(result)} <span className={styles.verdict}>{verdict(result)}</span>
            </p>
            <p className={styles.detail}>{detail(result, findBaseOf(results, result), shared)}</p>
          </li>
        ))}
      </ul>
      {shared.length > 0 && <p className={styles.basis}>{capitalised(shared.join('; '))}.</p>}
    </section>
  )
}

function figure({ id, imagesPerSecond, speedup, answer }: StrategyResult): string {
  if (isBase({ id })) return formatImagesPerSecond(imagesPerSecond)
  return answer?.comparison.kind === 'compared' ? formatSpeedup(speedup) : notAvailable
}

/** What may be said of that figure, in a word or two. */
function verdict({ answer }: StrategyResult): string {
  if (answer === null) return ''
  const { comparison } = answer
  if (comparison.kind === 'not-comparable') return 'not comparable'
  switch (comparison.verdict.kind) {
    case 'faster':
      return 'faster'
    case 'slower':
      return 'slower'
    case 'same':
      return 'no difference'
    case 'undecided':
      return notDecided(comparison.estimate)
    case 'one-repeat':
      return 'one repeat'
    default:
      return assertNever(comparison.verdict.kind, 'verdict')
  }
}

/** @param shared what is said of all answers, and so not here */
function detail(result: StrategyResult, base: StrategyResult | undefined, shared: readonly string[]): string {
  if (isBase(result)) {
    return result.imagesPerSecond === null
      ? (result.skipReason ?? result.status)
      : 'The base that the others are held against'
  }
  const { answer } = result
  if (answer !== null) {
    const own = answerBasis(answer).filter((part) => !shared.includes(part))
    return [answerFigures(answer), ...own].join('; ')
  }
  return base === undefined ? 'Without Single there is no base' : whyNotCompared(result, base)
}

/** None where there is nothing to say. */
function Mark({ badge }: { badge: Badge }) {
  return badge === 'valid' ? null : <ValidityMark badge={badge} words={badgeTitles[badge]} />
}

function Colour({ id }: { id: string }) {
  const scheme = useComputedColorScheme('light')
  return (
    <span
      className={styles.colour}
      style={{ background: strategyStyle(id, scheme).colour }}
      aria-hidden="true"
    />
  )
}
