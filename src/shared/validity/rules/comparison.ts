import { findBaseOf, isBase } from '../../domain/measurement-ids.js'
import type { StrategyResult } from '../../results/strategy-results.js'
import { compareRepeats } from '../comparison.js'
import type { Finding } from '../finding.js'
import type { Rule } from '../judged-run.js'
import { hasLearnt } from '../parity.js'

/** Equal work and equal training: every strategy against Single on the same engine. */
export const comparedWithBase: Rule = ({ results, configuration }) =>
  results
    .filter((result) => !isBase(result))
    .flatMap(({ id, title, repeats }) =>
      compareRepeats(repeats, findBaseOf(results, { id })?.repeats ?? [], configuration).map(
        ({ code, severity, message }) => ({
          code,
          severity,
          strategies: [id],
          message: `${title}: ${message}.`,
        }),
      ),
    )

/** Then losses say little, and the parity gate leaves the last epoch out. */
export const lossDidNotFall: Rule = ({ results }) => results.filter(isBase).flatMap(lossOfBase)

function lossOfBase({ repeats }: StrategyResult): Finding[] {
  const latest = repeats.findLast(({ epochs }) => epochs.length > 0)
  if (latest === undefined || latest.firstStepLoss === null || hasLearnt(latest)) return []
  const message =
    `${latest.title}'s loss did not fall: losses of strategies cannot be compared, times can. ` +
    'A smaller learning rate, or more epochs, would show that it learns.'
  return [{ code: 'loss-did-not-fall', severity: 'note', strategies: [], message }]
}
