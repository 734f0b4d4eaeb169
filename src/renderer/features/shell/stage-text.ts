import { assertNever } from '../../../shared/errors.js'
import type { RunStage } from '../../../shared/run/run-stage.js'
import { formatDuration } from '../../../shared/text/format.js'

/** Where run control stands, in words. */
export function stageText(stage: RunStage): string {
  switch (stage.kind) {
    case 'idle':
      return 'Nothing runs'
    case 'countdown':
      return `${stage.title} starts in ${formatDuration(stage.seconds)}`
    case 'preparing':
      return stage.detail ?? preparation(stage.what)
    case 'calibrating':
      return stage.tunes
        ? `Tuning for this processor, once: ${stage.title} (${stage.index} of ${stage.count})${timeLeft(stage.remainingSeconds)}`
        : `Finding out how fast ${stage.title} is here (${stage.index} of ${stage.count})`
    case 'measuring':
      if (stage.isRepeat) return `Measuring ${stage.title} again, because it was disturbed`
      return stage.blocks === 1
        ? `Measuring ${stage.title} (${stage.index} of ${stage.count})`
        : `Measuring ${stage.title} (${stage.index} of ${stage.count}, block ${stage.block} of ${stage.blocks})`
    case 'finishing':
      return 'Writing the results'
    case 'done':
      return 'Done'
    case 'failed':
      return `Failed: ${stage.error.message}`
    case 'cancelled':
      return 'Stopped'
    default:
      return assertNever(stage, 'stage of a run')
  }
}

function timeLeft(seconds: number | null): string {
  return seconds === null ? '' : `, ${formatDuration(seconds)} left`
}

function preparation(what: 'checking' | 'engine' | 'data'): string {
  switch (what) {
    case 'checking':
      return 'Looking at devices, engine and data'
    case 'engine':
      return 'Getting the engine ready'
    case 'data':
      return 'Getting the data ready'
    default:
      return assertNever(what, 'preparation')
  }
}
