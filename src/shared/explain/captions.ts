import { assertNever } from '../errors.js'
import type { PhaseName } from './phases.js'

/** Who is on the stage: it decides what a phase means. */
export interface Cast {
  /** Several processes that exchange gradients (DDP). */
  exchanges: boolean
  /** They are on several machines, with a network between them. */
  crossesMachines?: boolean
  /** One process that feeds several devices (DP). */
  isShared: boolean
  /** The device that a shared process gathers on, as people read it: `CPU:0`. */
  firstDevice: string
  /** The rank that arrives at the exchange last; null where it is not known, or none is. */
  slowestRank: number | null
}

/** One short sentence on a phase, for someone who has never trained a model. */
export function phaseCaption(phase: PhaseName, cast: Cast): string {
  const { isShared, exchanges, crossesMachines, firstDevice, slowestRank } = cast
  switch (phase) {
    case 'data-wait':
      if (exchanges) return 'Each process, called a rank, takes the next pictures from its own reader.'
      return 'The next pictures are taken from the reader.'
    case 'scatter':
      return 'Scatter: each device gets its share of the pictures.'
    case 'replicate':
      return `Replicate: the model's weights are copied from ${firstDevice} to the other devices.`
    case 'forward':
      return 'Forward: every device guesses what its pictures show.'
    case 'gather':
      return `Gather: all guesses go to ${firstDevice}.`
    case 'backward':
      return `Backward: ${firstDevice} measures how wrong the guesses are, and every device works out how to change the weights. These changes are called gradients.`
    case 'reduce':
      return `Reduce: the gradients go to ${firstDevice} and are added up.`
    case 'compute':
      if (exchanges)
        return 'Each process guesses, measures its errors and works out how to change the weights, on its own pictures. These changes are called gradients.'
      if (isShared) return 'The devices work on their shares of the pictures, in one call.'
      return 'The device guesses what the pictures show, measures its errors and changes its weights, in one call.'
    case 'send':
      return 'Gradients are handed over for the exchange. It begins once every rank has done so.'
    case 'straggler-wait':
      return slowestRank === null
        ? 'Ranks that finish early wait for the slowest.'
        : `Ranks that finish early wait: rank ${slowestRank} is still computing.`
    case 'all-reduce':
      return crossesMachines
        ? 'All-reduce: the processes exchange gradients, over the network between the machines too, and all end up with the same mean.'
        : 'All-reduce: the processes exchange gradients, and all end up with the same mean.'
    case 'update':
      if (exchanges) return 'Update: every process makes the same change, so the weights stay equal.'
      return isShared
        ? `Update: only ${firstDevice} changes its weights. The copies are thrown away, and made again in the next step.`
        : 'Update: the weights change.'
    case 'rest':
      return 'The rest of the call: time that belongs to no phase.'
    case 'between':
      return 'Time between the phases, which nothing accounts for.'
    default:
      return assertNever(phase, 'phase')
  }
}

/** What was not measured apart, said once beside the lanes; null where each phase was. */
export function unseparated(phases: ReadonlySet<PhaseName>, cast: Cast): string | null {
  if (cast.isShared) {
    return phases.has('forward')
      ? 'Phases are those of the whole process: what devices did at the same time is counted once. Reduce and update end within backward.'
      : 'Scatter, forward, backward and reduce were not timed apart.'
  }
  if (!phases.has('compute')) return null
  if (!cast.exchanges) return 'Forward, backward and update are one call, and were not timed apart.'
  return phases.has('all-reduce')
    ? 'Forward and backward were not timed apart.'
    : 'Forward, backward, all-reduce and update are one call, and were not timed apart: no waiting can be drawn.'
}
