import { Command, Option } from 'commander'
import { readComparedRun } from '../../core/history/find-run.js'
import { assertNever } from '../../shared/errors.js'
import { compareRuns, isReliable } from '../../shared/run-comparison/compare-runs.js'
import { comparisonMarkdown } from '../../shared/run-comparison/comparison-markdown.js'
import { checkRegression, type RegressionCheck } from '../../shared/run-comparison/regression.js'
import type { CommandIo } from '../command-io.js'
import { exitCodes } from '../exit-codes.js'
import { openHistory } from '../open-history.js'
import { percentage } from '../option-parsers.js'
import { comparisonText } from '../terminal/comparison-lines.js'

const help = `
A run is the path of a results.json or of the folder that holds one, or of the history: its id, a part of it, its name,
latest or baseline.

Examples:
  tandem compare before.json after.json
  tandem compare latest                         against the pinned baseline
  tandem compare baseline after.json --max-regression 5%
  tandem compare main.json branch.json --markdown >> "$GITHUB_STEP_SUMMARY"

With --max-regression a strategy has regressed if the whole 95 % interval of its images/s lies beyond the limit; with
one repeat of either run there is no interval, and the plain ratio decides.

Exit codes: 0 compared, and no regression beyond the limit; 1 a figure is unreliable or, with a limit, something that
the second run was meant to measure could not be compared with the first; 2 bad usage, or not a results file; 3 regression; 130 stopped.`

interface CompareFlags {
  maxRegression?: number
  json?: boolean
  markdown?: boolean
}

/** `tandem compare`: two runs side by side, and whether the second is a regression. */
export function compareCommand(io: CommandIo, onExitCode: (code: number) => void): Command {
  return new Command('compare')
    .description('compare a run with another one, or with the pinned baseline')
    .addHelpText('after', help)
    .argument('<base>', 'the run that the other is compared with')
    .argument('[other]', 'if left out, the first is compared with the pinned baseline')
    .addOption(
      new Option('--max-regression <percent>', 'largest loss of images/s that is no regression').argParser(
        percentage,
      ),
    )
    .option('--json', 'print one JSON document')
    .addOption(new Option('--markdown', 'print tables for a pull request').conflicts('json'))
    .action(async (first: string, second: string | undefined, flags: CompareFlags) => {
      const history = openHistory(io)
      const [base, other] = second === undefined ? ['baseline', first] : [first, second]
      const runs = [await readComparedRun(history, base), await readComparedRun(history, other)]
      const comparison = compareRuns(runs)
      const { maxRegression } = flags
      const check = maxRegression === undefined ? null : checkRegression(comparison, maxRegression)
      if (flags.json === true) io.stdout.write(`${JSON.stringify({ comparison, check }, null, 2)}\n`)
      else if (flags.markdown === true) io.stdout.write(comparisonMarkdown(comparison, check))
      else io.stdout.write(`${comparisonText(comparison, check)}\n`)
      onExitCode(exitCodeFor(check?.outcome ?? (isReliable(comparison) ? 'passed' : 'not-compared')))
    })
}

function exitCodeFor(outcome: RegressionCheck['outcome']): number {
  switch (outcome) {
    case 'passed':
      return exitCodes.success
    case 'not-compared':
      return exitCodes.failure
    case 'regression':
      return exitCodes.regression
    default:
      return assertNever(outcome, 'outcome of a check')
  }
}
