import { describeDevices, whyNotCompared } from '../../shared/comparison-text.js'
import { findBaseOf, isBase } from '../../shared/domain/measurement-ids.js'
import { capitalised, formatImagesPerSecond, formatSpeedup, notAvailable } from '../../shared/format.js'
import { answerHeadline, answerSentence } from '../../shared/statistics/answer-text.js'
import { confidence, hasInterval } from '../../shared/statistics/speedup-estimate.js'
import type { StrategyResult } from '../../shared/strategy-results.js'
import { strategyStyle } from '../../shared/strategy-style.js'
import type { Badge } from '../../shared/validity/finding.js'
import type { StrategyValidity } from '../../shared/validity/judge-run.js'

/** How much faster: a line a strategy, the finding in large type and what it rests on beside it. */
export function Answers({
  results,
  strategies,
}: {
  results: readonly StrategyResult[]
  strategies: readonly StrategyValidity[]
}) {
  const bases = results.filter(isBase)
  const compared = results.filter((result) => !isBase(result))
  const has = ({ id }: StrategyResult, badge: Badge): boolean =>
    strategies.some((strategy) => strategy.id === id && strategy.badge === badge)
  return (
    <div className="answers">
      {compared.map((result) => (
        <div key={result.id} className="answer" data-unreliable={has(result, 'unreliable') || undefined}>
          <Mark id={result.id} />
          <div className="finding">
            <p className="figure">
              {result.answer === null ? notAvailable : capitalised(answerHeadline(result.answer))}
            </p>
            <p className="who">
              {result.title}, {describeDevices(result)}
            </p>
            <p className="who">{describeInterval(result)}</p>
            {has(result, 'not-comparable') && <p className="warning">Not comparable: the reason is below</p>}
            {has(result, 'unreliable') && (
              <p className="warning">Unreliable, measure again: the reason is below</p>
            )}
          </div>
          <p className="grounds">{grounds(result, findBaseOf(results, result))}</p>
        </div>
      ))}
      {(bases.length === 0 ? [undefined] : bases).map((base) => (
        <p key={base?.id ?? ''} className="base">
          {describeBase(base)}
        </p>
      ))}
    </div>
  )
}

function describeInterval({ answer }: StrategyResult): string {
  if (answer?.comparison.kind !== 'compared') return ''
  const { estimate } = answer.comparison
  if (!hasInterval(estimate)) return 'no interval'
  const { speedup, low, high } = estimate
  return `${formatSpeedup(speedup)}, ${confidence * 100} % interval ${low.toFixed(2)} to ${high.toFixed(2)}`
}

function grounds(result: StrategyResult, base: StrategyResult | undefined): string {
  if (result.answer !== null) return `${capitalised(answerSentence(result.answer))}.`
  const why =
    base === undefined
      ? 'Single, which others are held against, was not measured'
      : whyNotCompared(result, base)
  return `${capitalised(why)}.`
}

function describeBase(base: StrategyResult | undefined): string {
  if (base === undefined) return 'Without Single there is no base that the others could be held against.'
  if (base.imagesPerSecond === null) return `The base, Single: ${base.skipReason ?? base.status}.`
  return `The base of every speedup is ${base.title} on ${describeDevices(base)}: ${formatImagesPerSecond(base.imagesPerSecond)}.`
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
