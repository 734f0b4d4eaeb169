import { assertNever } from '../../../shared/errors.js'
import type { RunStage } from '../../../shared/run-stage.js'

/** Where run control stands, in words. */
export function stageText(stage: RunStage): string {
  switch (stage.kind) {
    case 'idle':
      return 'Nothing runs'
    case 'preparing':
      return stage.detail ?? preparation(stage.what)
    case 'calibrating':
      return 'Measuring a few steps, to choose how many images an epoch has'
    case 'measuring':
      return `Measuring ${stage.title} (${stage.index} of ${stage.count})`
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
