import { findBaseOf, isBase } from '../domain/measurement-ids.js'
import { assertNever } from '../errors.js'
import { statusTexts } from '../results/results.js'
import type { StrategyResult } from '../results/strategy-results.js'
import {
  answerBasis,
  answerFigures,
  answerHeadline,
  answerSentence,
  notDecided,
} from '../statistics/answer-text.js'
import { confidence } from '../statistics/speedup-estimate.js'
import { describeDevices, whyNotCompared } from '../text/comparison-text.js'
import { capitalised, formatSpeedup, formatThroughput, notAvailable } from '../text/format.js'
import type { Badge } from '../validity/finding.js'
import type { StrategyValidity } from '../validity/judge-run.js'
import { badgeTitles } from '../validity/validity-text.js'
import { intervalText } from './strategy-row.js'

/** What a run answers for one strategy, as people read it. Views choose among it and derive nothing. */
export interface AnswerRow {
  id: string
  title: string
  devices: string
  /** Whether it is what others are held against. */
  isBase: boolean
  badge: Badge
  /** `1.42x`; images/s of the base, and where there is none; N/A where it was not measured. */
  figure: string
  /** What may be said of that figure in a word or two, `faster`; empty for the base. */
  verdict: string
  /** `1.42x faster`, to begin a line. */
  headline: string
  /** `1.42x, 95 % interval 1.39 to 1.45`, `no interval`; empty where it was not compared. */
  interval: string
  /** The interval and what the answer rests on, but for what all answers share; else why there is none. */
  detail: string
  /** All of it in one sentence with a full stop; of the base, what it is. */
  sentence: string
  /** What its reader must know before the figure; null where nothing. */
  warning: string | null
}

export interface Answers {
  rows: AnswerRow[]
  /** What all answers rest on, in a sentence; null where they share nothing. */
  shared: string | null
  /** On the base, or bases where there are several engines: a sentence each. */
  bases: string[]
}

/** One row a strategy, in the order of the results. */
export function answersOf(
  results: readonly StrategyResult[],
  strategies: readonly StrategyValidity[],
): Answers {
  const badges = new Map(strategies.map(({ id, badge }) => [id, badge]))
  const [first = [], ...others] = results.flatMap(({ answer }) =>
    answer === null ? [] : [answerBasis(answer)],
  )
  const shared = first.filter((part) => others.every((basis) => basis.includes(part)))
  return {
    rows: results.map((result) =>
      answerRow(result, findBaseOf(results, result), badges.get(result.id) ?? 'valid', shared),
    ),
    shared: shared.length === 0 ? null : `${capitalised(shared.join('; '))}.`,
    bases: basesOf(results),
  }
}

function answerRow(
  result: StrategyResult,
  base: StrategyResult | undefined,
  badge: Badge,
  shared: readonly string[],
): AnswerRow {
  const { id, title, answer } = result
  const isCompared = answer?.comparison.kind === 'compared'
  const absence = base === undefined ? withoutBase : whyNotCompared(result, base)
  const interval = intervalText(result)
  const row = {
    id,
    title,
    devices: describeDevices(result),
    isBase: isBase(result),
    badge,
    verdict: verdictWord(result),
    interval: isCompared
      ? interval === notAvailable
        ? 'no interval'
        : `${formatSpeedup(result.speedup)}, ${confidence * 100} % interval ${interval}`
      : '',
    warning: warningOf(badge),
  }
  if (row.isBase) {
    const figure = formatThroughput(result.imagesPerSecond, result.unit)
    return { ...row, figure, headline: figure, detail: baseDetail(result), sentence: describeBase(result) }
  }
  if (answer === null) {
    const sentence = `${capitalised(absence)}.`
    // Nothing to hold it against: its own images/s are what there is.
    const figure = formatThroughput(result.imagesPerSecond, result.unit)
    return { ...row, figure, headline: figure, detail: capitalised(absence), sentence }
  }
  const own = answerBasis(answer).filter((part) => !shared.includes(part))
  return {
    ...row,
    figure: isCompared ? formatSpeedup(result.speedup) : notAvailable,
    headline: capitalised(answerHeadline(answer)),
    detail: [answerFigures(answer), ...own].join('; '),
    sentence: `${capitalised(answerSentence(answer))}.`,
  }
}

const withoutBase = 'Single, which the others are compared with, was not measured'

function verdictWord({ answer }: StrategyResult): string {
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

function warningOf(badge: Badge): string | null {
  switch (badge) {
    case 'valid':
    case 'valid-with-warnings':
      return null
    case 'not-comparable':
    case 'unreliable':
      return `${capitalised(badgeTitles[badge])}: the reason is below`
    default:
      return assertNever(badge, 'badge')
  }
}

function basesOf(results: readonly StrategyResult[]): string[] {
  const bases = results.filter(isBase)
  return bases.length === 0
    ? ['Without Single there is nothing to compare the others with.']
    : bases.map(describeBase)
}

function baseDetail({ imagesPerSecond, skipReason, status }: StrategyResult): string {
  return imagesPerSecond === null
    ? (skipReason ?? statusTexts[status])
    : 'The base that the others are compared with'
}

function describeBase(base: StrategyResult): string {
  if (base.imagesPerSecond === null)
    return `The base, ${base.title}: ${base.skipReason ?? statusTexts[base.status]}.`
  return `The base of every speedup is ${base.title} on ${describeDevices(base)}: ${formatThroughput(base.imagesPerSecond, base.unit)}.`
}
