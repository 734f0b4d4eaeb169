import type { ComparedRun } from './compared-run.js'
import { type RunFact, runFacts } from './run-facts.js'

/** A setting, or a trait of the machine, that is not the same in all runs that are compared. */
export interface Difference extends Pick<RunFact, 'group' | 'what' | 'matters'> {
  /** One a run, in their order; null where a run does not say. */
  values: (string | null)[]
}

/** What the runs differ in, and nothing else: first what images/s can differ for, settings before the machine. */
export function runDifferences(runs: readonly ComparedRun[]): Difference[] {
  const differences = runFacts.flatMap(({ group, what, matters, of }) => {
    const values = runs.map(of)
    const isSame = new Set(values.filter((value) => value !== null)).size < 2
    return isSame ? [] : [{ group, what, matters, values }]
  })
  return [...differences.filter(({ matters }) => matters), ...differences.filter(({ matters }) => !matters)]
}
