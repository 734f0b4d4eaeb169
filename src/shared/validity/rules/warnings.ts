import type { RunWarning } from '../../conditions/conditions.js'
import { assertNever } from '../../errors.js'
import { capitalised } from '../../text/format.js'
import type { Finding } from '../finding.js'
import type { Rule } from '../judged-run.js'

/** What Tandem knew of by itself: another run, an install. */
export const knownDisturbances: Rule = ({ warnings }) => warnings.flatMap(findingOf)

function findingOf({ code, text }: RunWarning): Finding[] {
  const message = `${capitalised(text)}.`
  switch (code) {
    case 'other-run':
    case 'engine-install':
      return [{ code, severity: 'warning', strategies: [], message }]
    case 'recording-gaps':
      // Figures are of the results; only charts of the recording lack something.
      return [{ code, severity: 'note', strategies: [], message }]
    case 'not-kept':
    case 'kept-late':
      // Says nothing about the figures.
      return []
    case 'other':
      return [{ code: 'other-warning', severity: 'warning', strategies: [], message }]
    default:
      return assertNever(code, 'code of a warning')
  }
}
