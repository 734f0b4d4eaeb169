import type { StepRecord } from '../child/trainer-protocol.js'
import type { PhaseName } from './phases.js'
import type { RecordedStep } from './recorded-step.js'

/** A stretch of one lane. Milliseconds from the moment at which the first rank began the step. */
export interface Span {
  phase: PhaseName
  fromMs: number
  toMs: number
}

/** What one device did in the step. */
export interface Lane {
  /** Place among the measurement's devices. */
  device: number
  rank: number
  spans: Span[]
}

export interface StepLanes {
  lanes: Lane[]
  durationMs: number
  /** The phases are those of one process on all of its devices, not a device's own. */
  isShared: boolean
  /** Of the rank with the largest share: what `rest` and `between` take, in milliseconds and of its step. */
  restMs: number
  restShare: number
  /** The largest share of its step by which a rank's phases say more time than the step took: 0 where times add up. */
  excessShare: number
  /** A rank arrived, by its clock, outside its own exchange: times between ranks are then only roughly known. */
  clocksDisagree: boolean
}

/** Clocks of processes of one machine are one clock; this is for what rounding leaves. */
const clockToleranceMs = 0.5

/** Shorter than a clock's tick: a span that only rounding made. */
const leastSpanMs = 1e-6

/**
 * A recorded step as lanes on one time axis: one a device. Where a rank has one device, the lane is the rank's own; a
 * process on several devices (DP) has its phases on each of them. The spans of a rank add up to its recorded step:
 * what no phase accounts for is `rest` within its compiled call and `between` outside it.
 *
 * @param deviceCount of the measurement
 */
export function stepLanes({ ranks }: Pick<RecordedStep, 'ranks'>, deviceCount: number): StepLanes {
  const beganAtMs = Math.min(...ranks.map(({ startedAtMs }) => startedAtMs))
  const arrivals = ranks.map(({ arrivedAtMs }) => arrivedAtMs)
  const lastArrivalMs = arrivals.every((arrival) => arrival !== null) ? Math.max(...arrivals) : null
  const rows = ranks.map((record) => rankSpans(record, beganAtMs, lastArrivalMs))
  const isShared = ranks.length === 1 && deviceCount > 1
  const lanes = Array.from({ length: isShared ? deviceCount : ranks.length }, (_, device): Lane => {
    const rank = isShared ? 0 : device
    return { device, rank, spans: rows[rank]?.spans ?? [] }
  })
  const restOf = ({ spans }: { spans: Span[] }) =>
    spans
      .filter(({ phase }) => phase === 'rest' || phase === 'between')
      .reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)
  const shares = rows.map((row, rank) => restOf(row) / Math.max(ranks[rank]?.stepMs ?? 0, leastSpanMs))
  const largest = shares.indexOf(Math.max(...shares))
  return {
    lanes,
    durationMs: Math.max(0, ...lanes.flatMap(({ spans }) => spans.map(({ toMs }) => toMs))),
    isShared,
    restMs: rows[largest] === undefined ? 0 : restOf(rows[largest]),
    restShare: shares[largest] ?? 0,
    excessShare: Math.max(0, ...rows.map(({ spans }, rank) => excessShare(spans, ranks[rank]?.stepMs ?? 0))),
    clocksDisagree: rows.some(({ clocksDisagree }) => clocksDisagree),
  }
}

function excessShare(spans: readonly Span[], stepMs: number): number {
  const phasesMs = spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)
  return (phasesMs - stepMs) / Math.max(stepMs, leastSpanMs)
}

/** The parts of DP's one call, where the engine told them apart. */
const callParts = [
  ['scatter', 'scatterMs'],
  ['replicate', 'replicateMs'],
  ['forward', 'forwardMs'],
  ['gather', 'gatherMs'],
  ['backward', 'backwardMs'],
  ['reduce', 'reduceMs'],
] as const satisfies [PhaseName, keyof StepRecord][]

function rankSpans(
  record: StepRecord,
  beganAtMs: number,
  lastArrivalMs: number | null,
): { spans: Span[]; clocksDisagree: boolean } {
  const spans: Span[] = []
  let atMs = record.startedAtMs - beganAtMs
  const startMs = atMs
  const add = (phase: PhaseName, ms: number): void => {
    if (ms <= leastSpanMs) return
    spans.push({ phase, fromMs: atMs, toMs: atMs + ms })
    atMs += ms
  }
  add('data-wait', record.dataWaitMs)
  const parts = callParts.filter(([, name]) => record[name] !== undefined)
  for (const [phase, name] of parts) add(phase, record[name] ?? 0)
  const partsMs = parts.reduce((sum, [, name]) => sum + (record[name] ?? 0), 0)
  if (parts.length === 0) add('compute', record.computeMs)
  const exchange = addExchange(add, record, atMs + beganAtMs, lastArrivalMs)
  add('update', record.updateMs)
  if (parts.length > 0) add('rest', record.computeMs - partsMs)
  add('between', record.stepMs - (atMs - startMs))
  return { spans, clocksDisagree: exchange.clocksDisagree }
}

/**
 * The exchange of gradients: handing over its own, waiting for the last rank to arrive, and the sum. One block where
 * arrivals are not known.
 */
function addExchange(
  add: (phase: PhaseName, ms: number) => void,
  { communicationMs, arrivedAtMs }: StepRecord,
  beginsAtMs: number,
  lastArrivalMs: number | null,
): { clocksDisagree: boolean } {
  if (arrivedAtMs === null || lastArrivalMs === null) {
    add('all-reduce', communicationMs)
    return { clocksDisagree: false }
  }
  const within = (ms: number) => Math.min(Math.max(ms, 0), communicationMs)
  const ownMs = arrivedAtMs - beginsAtMs
  const lastMs = lastArrivalMs - beginsAtMs
  const sendMs = within(ownMs)
  const waitMs = within(lastMs) - sendMs
  add('send', sendMs)
  add('straggler-wait', waitMs)
  add('all-reduce', communicationMs - sendMs - waitMs)
  const off = Math.max(Math.abs(ownMs - sendMs), Math.abs(lastMs - within(lastMs)))
  return { clocksDisagree: off > clockToleranceMs }
}
