import type { EngineName } from '../../shared/domain/engines.js'
import { assertNever } from '../../shared/errors.js'
import { withoutControls } from '../../shared/printable.js'
import type { Measurement } from '../../shared/results/results.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import type { RunEvent } from '../../shared/run/run-events.js'
import { type TrainedUnit, trainedUnitOf } from '../../shared/run/trained-unit.js'
import type { Script } from '../../shared/script/script.js'
import { formatDuration } from '../../shared/text/format.js'
import { autotuneReportLines } from './autotune-text.js'
import type { Display } from './display.js'
import { ProgressTracker } from './progress.js'
import {
  accuracyLine,
  calibrationLine,
  epochLine,
  failureLine,
  measurementLine,
  progressLine,
  startLines,
  warmUpLine,
} from './run-text.js'
import { summaryLines } from './summary-text.js'

/**
 * Tells a run on a terminal, event by event.
 *
 * @param remainingSeconds how long the run still takes, as run control knows it; null while nobody does
 */
export function createRunReporter(
  display: Display,
  remainingSeconds: () => number | null,
): (event: RunEvent) => void {
  const { colors } = display
  let title = ''
  let repeats = 1
  let isBatchKnown = true
  let unit: TrainedUnit = 'image'
  let script: Script | undefined
  let warmUpSteps: number | null = null
  let engine: EngineName | null = null
  let tracker = new ProgressTracker(0)
  const lines = (texts: readonly string[]): void => {
    for (const text of texts) display.line(text)
  }

  return (event) => {
    switch (event.type) {
      case 'run-started':
        repeats = event.configuration.repeats
        isBatchKnown = knowsBatch(event.configuration)
        script = event.configuration.script
        unit = trainedUnitOf({ script })
        warmUpSteps = script?.warmUpSteps ?? null
        lines(startLines(event))
        return
      case 'calibration-started':
        display.line(calibrationLine(event))
        display.status(`${event.title}: a few steps`)
        return
      case 'tuning-progress':
        if (event.remainingSeconds !== null) {
          display.status(`Tuning for this processor, once: ${formatDuration(event.remainingSeconds)} left`)
        }
        return
      case 'calibration-finished':
        repeats = event.chosen.repeats
        display.line(event.note)
        return
      case 'measurement-started':
        title = titleInBlock(event.measurement, repeats)
        engine = event.measurement.backend
        tracker = new ProgressTracker(event.epochs)
        display.line(colors.bold(measurementLine({ ...event.measurement, title }, isBatchKnown)))
        if (event.measurement.status === 'running') display.status(`[${title}] loading the engine`)
        return
      case 'trainer-ready':
        if (event.rank !== 0) return
        if (event.collective !== null) display.line(`[${title}] Gradients: ${event.collective}`)
        display.status(`[${title}] warming up`)
        return
      case 'warmed-up':
        if (event.rank !== 0) return
        tracker.warmedUp(event.stepsPerEpoch)
        display.line(warmUpLine(title, engine, warmUpSteps, event))
        if (event.autotune !== undefined) lines(autotuneReportLines(title, event.autotune))
        return
      case 'steps': {
        tracker.add(event.rank, event.steps)
        const progress = tracker.current()
        if (progress !== null) display.status(progressLine(title, progress, remainingSeconds(), unit))
        return
      }
      case 'epoch':
        display.line(epochLine(title, event.epoch, event.epochs, unit))
        if (event.epoch.testAccuracy !== null) {
          display.line(accuracyLine(title, event.epoch, event.epochs))
        }
        return
      case 'costs-expected':
      case 'measurement-updated':
        return
      case 'measurement-finished':
        reportEnding({ ...event.measurement, title }, display)
        return
      case 'note':
        if (script !== undefined && event.counts !== undefined) {
          unit = trainedUnitOf({ script: { ...script, counts: event.counts } })
        }
        display.line(event.text)
        return
      case 'warning':
        display.line(colors.yellow(`Warning: ${event.text}`))
        return
      case 'run-finished':
        display.end()
        lines(summaryLines(event.results, colors))
        return
      default:
        assertNever(event, 'event of a run')
    }
  }
}

function knowsBatch({ script }: RunConfiguration): boolean {
  return script === undefined || script.perDeviceBatch !== null || script.globalBatch !== null
}

/** `DDP`; `DDP 2/5` where it has its turn five times. */
function titleInBlock({ title, block, putAside }: Measurement, repeats: number): string {
  const again = putAside === undefined ? '' : ', again'
  return `${repeats === 1 ? title : `${title} ${block + 1}/${repeats}`}${again}`
}

function reportEnding({ title, status, error }: Measurement, { line, colors }: Display): void {
  if (error !== null) {
    line(colors.red(failureLine(title, error)))
    for (const text of error.details?.split('\n') ?? []) line(withoutControls(text))
  } else if (status === 'cancelled') line(`[${title}] stopped`)
}
