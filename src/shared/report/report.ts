import { analyseRun, type RunAnalysis } from '../analysis/run-analysis.js'
import type { RunWarning } from '../conditions/conditions.js'
import { type BarFigure, efficiencyFigure, epochTimeFigure, speedupFigure } from '../figures/bar-figure.js'
import type { LiveRun } from '../live/live-run.js'
import { nodesOf, type Results } from '../results/results.js'
import { commandLine, runArguments, settingsWithoutFlag } from '../run/run-command.js'
import { runTitle } from '../run/run-title.js'
import { unreliableIds } from '../validity/judge-run.js'
import { type DeviceUse, deviceUse } from './device-use.js'
import { type RunStanding, standingOf } from './run-standing.js'
import { type StepCurves, stepCurves } from './step-curves.js'
import { type StepTimes, stepTimes } from './step-times.js'

/** What a report is made from. */
export interface ReportSource {
  results: Results
  /** The run as its recording tells it; without one nothing is known of its devices. */
  run: LiveRun | null
  /** Whether the run's owner is known to be alive, or to be gone; null where nobody can tell. */
  owner: 'running' | 'gone' | null
}

/** Everything that a report shows of a run, derived once; plain data, so that it can travel to a page. */
export interface Report extends RunAnalysis {
  title: string
  /** What the run is and was asked to do: its results but for the measurements. */
  head: Omit<Results, 'measurements'>
  standing: RunStanding
  epochTime: BarFigure
  speedup: BarFigure
  efficiency: BarFigure
  curves: StepCurves
  stepTimes: StepTimes[]
  deviceUse: DeviceUse | null
  /** How to measure it again, and what that command cannot say. */
  command: { line: string; missing: string[] }
}

/** What the recording lacks; of it, results know nothing. */
function gapsOf(run: LiveRun | null): RunWarning[] {
  return run?.head.warnings.filter(({ code }) => code === 'recording-gaps') ?? []
}

/** Pure: the same run always makes the same report. */
export function reportOf({ results, run, owner }: ReportSource): Report {
  const { measurements, ...head } = results
  const analysis = analyseRun({ ...results, warnings: [...results.warnings, ...gapsOf(run)] })
  const ids = analysis.results.map(({ id }) => id)
  const unreliable = unreliableIds(analysis.validity)
  return {
    ...analysis,
    title: runTitle(results),
    head,
    standing: standingOf(results, analysis.results, owner),
    epochTime: epochTimeFigure(analysis.results, unreliable),
    speedup: speedupFigure(analysis.results, unreliable),
    efficiency: efficiencyFigure(analysis.results, unreliable),
    curves: stepCurves(measurements, ids),
    stepTimes: stepTimes(measurements, ids),
    deviceUse: run === null ? null : deviceUse(run, measurements, ids),
    command: {
      line: commandLine(runArguments(results.configuration, nodesOf(results))),
      missing: settingsWithoutFlag(results.configuration),
    },
  }
}
