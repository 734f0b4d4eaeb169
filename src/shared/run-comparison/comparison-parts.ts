import { runTitle } from '../run/run-title.js'
import {
  changeInterval,
  changeRatio,
  changeSentence,
  changeVerdict,
  judgedSpeedup,
  runLetter,
  sideText,
} from './change-text.js'
import type { ComparedRunHead, RunComparison } from './compare-runs.js'
import type { RegressionCheck } from './regression.js'
import { regressionLines } from './regression-text.js'

/** What a comparison of two runs says, as plain text: the terminal and Markdown set the same words. */

/** `before (Notebook: ResNet-18 on CIFAR-10) on workstation, 2026-01-31, run 20260131-142530-9f3a1c: valid` */
export function describeRun(run: ComparedRunHead): string {
  const { runId, name, hostName, startedAt, isComplete, validity } = run
  const title = name === null ? runTitle(run) : `${name} (${runTitle(run)})`
  const end = isComplete ? '' : ', not complete'
  return `${title} on ${hostName}, ${startedAt.slice(0, 10)}, run ${runId}${end}: ${validity.headline}`
}

export const nothingDiffers = 'Settings and machine are the same.'

/** @param mark how those that matter are set apart: `in bold` */
export function differenceLegend(mark: string): string {
  return `Throughput can differ because of what is ${mark}.`
}

/** A row a strategy. */
export function figuresTable({ strategies }: RunComparison): { head: string[]; rows: string[][] } {
  const [a, b] = [runLetter(0), runLetter(1)]
  return {
    head: ['Strategy', a, b, `${b} / ${a}`, '95 %', `Speedup ${a}`, `Speedup ${b}`, 'Verdict'],
    rows: strategies.flatMap(({ id, title, sides: [base, other], changes: [change] }) => {
      if (base === undefined || other === undefined || change === undefined) return []
      return [
        [
          title,
          sideText(base),
          sideText(other),
          changeRatio(change),
          changeInterval(change),
          judgedSpeedup(id, base),
          judgedSpeedup(id, other),
          changeVerdict(change),
        ],
      ]
    }),
  }
}

/** A sentence a strategy, and what a check for regressions came to. */
export function findings({ strategies }: RunComparison, check: RegressionCheck | null): string[] {
  const names = { base: runLetter(0), other: runLetter(1) }
  return [
    ...strategies.flatMap(({ title, changes: [change] }) =>
      change === undefined ? [] : [changeSentence(title, change, names)],
    ),
    ...(check === null ? [] : regressionLines(check)),
  ]
}
