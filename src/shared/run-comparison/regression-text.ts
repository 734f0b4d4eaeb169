import { assertNever } from '../errors.js'
import { formatList } from '../text/format.js'
import type { RegressionCheck, StrategyRegression } from './regression.js'

/** What the check came to, a line each: the outcome, then every strategy that a reader should look at. */
export function regressionLines({ limit, strategies, outcome }: RegressionCheck): string[] {
  const lines = strategies.flatMap((strategy) => strategyLine(strategy) ?? [])
  return [`Limit of ${formatLimit(limit)}: ${outcomeText(outcome, strategies)}`, ...lines]
}

/** `5 %` */
export function formatLimit(limit: number): string {
  return `${Number((limit * 100).toFixed(2))} %`
}

function outcomeText(outcome: RegressionCheck['outcome'], strategies: readonly StrategyRegression[]): string {
  const titles = (which: StrategyRegression['outcome']): string =>
    formatList(strategies.flatMap((strategy) => (strategy.outcome === which ? [strategy.title] : [])))
  switch (outcome) {
    case 'passed':
      return 'no regression beyond it'
    case 'regression':
      return `regression of ${titles('regression')}`
    case 'not-compared':
      return strategies.length === 0
        ? 'nothing to compare with it'
        : `${titles('not-compared')} could not be compared`
    default:
      return assertNever(outcome, 'outcome of a check')
  }
}

function strategyLine({ title, outcome, isPlain }: StrategyRegression): string | null {
  switch (outcome) {
    case 'regression':
      return isPlain
        ? `${title}: slower by more than the limit in a plain comparison of what was measured: one repeat, no interval`
        : `${title}: certainly slower by more than the limit: the whole interval lies beyond it`
    case 'possible':
      return `${title}: measured slower by more than the limit, but not certainly: the interval reaches within it`
    case 'within':
      return isPlain ? `${title}: within the limit in a plain comparison: one repeat, no interval` : null
    case 'not-compared':
      return null
    default:
      return assertNever(outcome, 'outcome of a check')
  }
}
