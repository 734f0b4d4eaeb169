import { baseStrategy, type CallPart, type Strategy, strategies } from '../domain/strategies.js'
import { assertNever } from '../errors.js'
import type { TrainedUnit } from '../run/trained-unit.js'
import { formatList, formatPercent } from '../text/format.js'
import type { LateRank } from './late-rank.js'

export type BarName =
  | CallPart
  | 'data-wait'
  | 'compute'
  | 'straggler-wait'
  | 'all-reduce'
  | 'between-machines'
  | 'update'
  | 'unexplained'

/** What the other bars are, which says what each contains. */
export interface BarContext {
  strategy: Strategy
  names: ReadonlySet<BarName>
  /** The base's update is known apart from its compute. */
  baseUpdates: boolean
  /** Null where none is late for sure. */
  lateRank: LateRank | null
  /** The ranks are on several machines. */
  crossesMachines: boolean
  unit: TrainedUnit
}

const base = strategies[baseStrategy].title

/** What a bar is, as people read it: by its sign, and with what else it contains. */
export function barTitle(name: BarName, ms: number, context: BarContext): string {
  const less = ms < 0
  switch (name) {
    case 'data-wait':
      return less ? `Less waiting for data than ${base}'s share` : 'Waiting for data'
    case 'compute':
      return `${computeTitle(less, context.unit)}${alsoInCompute(context)}`
    case 'scatter':
      return 'Scatter: the batch to the devices'
    case 'replicate':
      return 'Replicate: the weights to the devices'
    case 'gather':
      return 'Gather: the outputs to the first device'
    case 'reduce':
      return 'Reduce: the gradients to the first device'
    case 'straggler-wait':
      return context.lateRank === null ? 'Waiting for the slowest rank' : waitTitle(context.lateRank)
    case 'all-reduce':
      return less ? clocksDisagree : `${allReduceTitle(context)}${exchangeNote(context)}`
    case 'between-machines':
      return less
        ? clocksDisagree
        : `Between machines: what the network adds to the all-reduce${exchangeNote(context)}`
    case 'update':
      return less ? `A faster update than ${base}'s share` : 'Update: not made faster by more devices'
    case 'unexplained':
      return less
        ? `Less time between the phases than ${base} has (not explained)`
        : 'Between the phases (not explained)'
    default:
      return assertNever(name, 'bar')
  }
}

const clocksDisagree = 'All-reduce: shorter than the wait for the slowest rank within it, so clocks disagree'

function allReduceTitle({ names, crossesMachines }: BarContext): string {
  if (!crossesMachines) return 'All-reduce of the gradients'
  return names.has('between-machines')
    ? 'All-reduce as within one machine'
    : 'All-reduce of the gradients, within machines and between them'
}

function exchangeNote({ names }: BarContext): string {
  return names.has('straggler-wait')
    ? ', where nothing else overlaps it'
    : ', including the wait for slower ranks'
}

function computeTitle(less: boolean, unit: TrainedUnit): string {
  return less
    ? `Faster compute per ${unit}: a smaller share may fit the caches better`
    : `Slower compute per ${unit}: smaller batches, shared memory bandwidth, lower clocks`
}

function waitTitle({ rank, share, low }: LateRank): string {
  return `Waiting for rank ${rank}, which is late by ${formatPercent(share)} of a step (at least ${formatPercent(low)})`
}

function alsoInCompute({ strategy, names, baseUpdates }: BarContext): string {
  const { callParts, exchangesGradients } = strategies[strategy]
  const parts = callParts.filter((name) => !names.has(name))
  if (parts.length > 0) return `; including ${formatList(parts)}`
  if (exchangesGradients && !names.has('all-reduce') && !names.has('between-machines'))
    return '; including the gradient exchange'
  return names.has('update') && !baseUpdates ? `; ${base}'s includes its update` : ''
}
