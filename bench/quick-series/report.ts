import { geometricMean } from '../../src/shared/statistics/means.js'
import { quantile } from '../../src/shared/statistics/quantiles.js'
import type { QuickRun } from './quick-run.js'

export interface ToldRun extends QuickRun {
  part: 'first' | 'series' | 'load' | 'wasm'
}

/** What a series must come to. */
const bars = { seriesSeconds: 75, firstSeconds: 110, steps: 20, training: 2, promise: 0.15, held: 26 / 30 }

/** A line a run: what it took, what it promised, and its answers. */
export function describeRuns(runs: readonly ToldRun[], withHead: boolean): string {
  const head =
    'part    seconds  promised  since    blocks  steps  trained  badge                 again  answers'
  const rows = runs.map((run) =>
    [
      run.part.padEnd(7),
      run.seconds.toFixed(1).padStart(7),
      (run.promisedSeconds?.toFixed(0) ?? '-').padStart(9),
      run.sincePromiseSeconds.toFixed(1).padStart(6),
      String(run.blocks).padStart(8),
      String(run.leastSteps).padStart(6),
      `${run.leastTrainingSeconds.toFixed(1)} s`.padStart(8),
      ` ${run.badge.padEnd(21)}`,
      String(run.repeated).padStart(5),
      ` ${run.answers.map(answerText).join('; ')}`,
    ].join(' '),
  )
  return [...(withHead ? [head] : []), ...rows].join('\n')
}

function answerText({ id, speedup, low, high, verdict }: QuickRun['answers'][number]): string {
  const interval = low === null || high === null ? 'no interval' : `${low.toFixed(2)} to ${high.toFixed(2)}`
  return `${id} ${speedup.toFixed(2)} (${interval}) ${verdict}`
}

/** Every bar with what it came to. */
export function describeSeries(told: readonly ToldRun[]): { lines: string[]; failed: number } {
  const of = (part: ToldRun['part']): ToldRun[] => told.filter((run) => run.part === part)
  const checks = [
    ...of('first').map(({ seconds }) =>
      check(
        `first run, tuning included: ${seconds.toFixed(1)} s of ${bars.firstSeconds}`,
        seconds <= bars.firstSeconds,
      ),
    ),
    ...seriesChecks(of('series')),
    ...of('load').map(({ badge, repeated }) =>
      check(`under load: ${badge}, ${repeated} measured again`, badge === 'unreliable' || repeated > 0),
    ),
    ...of('wasm').map((run) => promiseCheck('wasm', run)),
  ]
  return {
    lines: checks.map(({ text, holds }) => `${holds ? 'holds ' : 'FAILED'}  ${text}`),
    failed: checks.filter(({ holds }) => !holds).length,
  }
}

interface Check {
  text: string
  holds: boolean
}

function check(text: string, holds: boolean): Check {
  return { text, holds }
}

function seriesChecks(runs: readonly ToldRun[]): Check[] {
  if (runs.length === 0) return []
  const seconds = runs.map((run) => run.seconds)
  const spread = `${quantile(seconds, 0)?.toFixed(1)} to ${quantile(seconds, 1)?.toFixed(1)} s, median ${quantile(seconds, 0.5)?.toFixed(1)}`
  const steps = Math.min(...runs.map(({ leastSteps }) => leastSteps))
  const training = Math.min(...runs.map(({ leastTrainingSeconds }) => leastTrainingSeconds))
  const answers = runs.flatMap((run) => run.answers)
  const pooled = new Map(
    [...new Set(answers.map(({ id }) => id))].map((id) => [
      id,
      geometricMean(answers.filter((answer) => answer.id === id).map(({ speedup }) => speedup)) ?? 0,
    ]),
  )
  const holding = answers.filter(({ id, low, high }) => {
    const value = pooled.get(id) ?? 0
    return low !== null && high !== null && low <= value && value <= high
  })
  const values = [...pooled].map(([id, value]) => `${id} ${value.toFixed(3)}`).join(', ')
  return [
    check(
      `${runs.length} runs of ${bars.seriesSeconds} s or less: ${spread}`,
      Math.max(...seconds) <= bars.seriesSeconds,
    ),
    check(
      `three blocks each`,
      runs.every(({ blocks }) => blocks === 3),
    ),
    check(`at least ${bars.steps} steps a measurement: ${steps}`, steps >= bars.steps),
    check(
      `at least ${bars.training} s of training in each: ${training.toFixed(2)} s`,
      training >= bars.training,
    ),
    check(
      'an interval for every comparison',
      answers.every(({ low }) => low !== null),
    ),
    check(
      `${holding.length} of ${answers.length} intervals hold the pooled value (${values})`,
      holding.length >= bars.held * answers.length,
    ),
    ...runs.map((run, index) => promiseCheck(`run ${index + 1}`, run)),
  ]
}

function promiseCheck(what: string, { promisedSeconds, sincePromiseSeconds, repeated }: ToldRun): Check {
  const again = repeated === 0 ? '' : `, ${repeated} measured again`
  const text = `${what}: promised ${promisedSeconds ?? 'nothing'}, took ${sincePromiseSeconds.toFixed(1)} s${again}`
  const ratio = promisedSeconds === null ? Number.POSITIVE_INFINITY : sincePromiseSeconds / promisedSeconds
  return check(text, repeated > 0 || Math.abs(ratio - 1) <= bars.promise)
}
