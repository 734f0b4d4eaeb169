import type { PhaseName } from './phases.js'
import { phases } from './phases.js'
import type { Lane, StepLanes } from './step-lanes.js'

/** How many times slower than recorded a step can be shown. */
export const slowdowns = [10, 20, 50, 100, 200, 500, 1000] as const

export type Slowdown = (typeof slowdowns)[number]

/** A phase is on the stage for at least as long. */
export const leastPhaseSeconds = 1

/** A stretch of the show: the recorded clock goes on at the chosen pace, or slower still while a short phase is drawn. */
export interface Beat {
  fromSeconds: number
  toSeconds: number
  fromMs: number
  toMs: number
  /** What the clock is slower for. */
  held: Held | null
}

/** A phase that is too short to see, on the lanes that went through it at the same time. */
export interface Held {
  phase: PhaseName
  /** Their places among the devices. */
  devices: readonly number[]
}

/** The show of one step. Pure: any of its moments can be had without those before it, so it plays both ways. */
export interface StageClock {
  beats: Beat[]
  lengthSeconds: number
  /** Where each phase begins, in seconds of the show: what "next phase" goes to. */
  stops: { atSeconds: number; phase: PhaseName }[]
}

export interface Moment {
  /** Of the recorded step. */
  clockMs: number
  held: Held | null
  /** How far the held phase is drawn, 0 to 1. */
  heldProgress: number
  /** Place among the beats. */
  beat: number
}

/** A phase that begins this little before a held one ends is gone to after that, and loses so much of its own time. */
export const sameStopSeconds = 0.3

/**
 * Spreads a recorded step over time to watch it in, `slowdown` times as long. Short phases take longer, and the clock goes
 * through them from their beginning to their end.
 */
export function stageClock({ lanes, durationMs }: StepLanes, slowdown: number): StageClock {
  const found = occurrences(lanes).filter(({ phase }) => phases[phase].kind !== 'rest')
  const holds = found
    .filter(({ longestMs }) => longestMs * slowdown < leastPhaseSeconds * 1000)
    .sort((a, b) => a.toMs - b.toMs || a.fromMs - b.fromMs)
  const beats: Beat[] = []
  let seconds = 0
  let clockMs = 0
  const add = (length: number, toMs: number, held: Held | null): void => {
    if (length <= 0) return
    beats.push({ fromSeconds: seconds, toSeconds: seconds + length, fromMs: clockMs, toMs, held })
    seconds += length
    clockMs = toMs
  }
  for (const { phase, devices, fromMs, toMs } of holds) {
    add(((fromMs - clockMs) * slowdown) / 1000, fromMs, null)
    const ownSeconds = ((toMs - clockMs) * slowdown) / 1000
    add(Math.max(leastPhaseSeconds, ownSeconds), toMs, { phase, devices })
  }
  add(((durationMs - clockMs) * slowdown) / 1000, durationMs, null)
  const stops = found.map(({ phase, devices, fromMs }) => {
    const own = beats.find(({ held }) => held?.phase === phase && held.devices[0] === devices[0])
    if (own !== undefined) return { phase, atSeconds: own.fromSeconds }
    const soon = beats.findLast(
      (beat) =>
        beat.held !== null &&
        beat.toMs >= fromMs &&
        ((beat.toMs - fromMs) * slowdown) / 1000 < sameStopSeconds,
    )
    return { phase, atSeconds: soon?.toSeconds ?? secondsAt(beats, fromMs) }
  })
  return { beats, lengthSeconds: seconds, stops: stops.sort((a, b) => a.atSeconds - b.atSeconds) }
}

/** @param seconds of the show; before its beginning and after its end it stands at these */
export function momentAt({ beats, lengthSeconds }: StageClock, seconds: number): Moment {
  const at = Math.min(Math.max(seconds, 0), lengthSeconds)
  const index = beats.findIndex(({ toSeconds }) => at < toSeconds)
  const beat = beats.at(index)
  if (beat === undefined) return { clockMs: 0, held: null, heldProgress: 0, beat: 0 }
  const share = Math.min(1, (at - beat.fromSeconds) / (beat.toSeconds - beat.fromSeconds))
  return {
    clockMs: beat.fromMs + share * (beat.toMs - beat.fromMs),
    held: beat.held,
    heldProgress: beat.held === null ? 0 : share,
    beat: index === -1 ? beats.length - 1 : index,
  }
}

/** How far a lane is through a phase: 0 before it, 1 after it and where the lane has no such phase. */
export function phaseProgress(clock: StageClock, lane: Lane, phase: PhaseName, moment: Moment): number {
  const span = lane.spans.find((one) => one.phase === phase)
  if (span === undefined) return 1
  const hold = clock.beats.findIndex(
    ({ held }) => held?.phase === phase && held.devices.includes(lane.device),
  )
  if (hold !== -1) {
    if (moment.beat === hold) return moment.heldProgress
    return moment.beat > hold ? 1 : 0
  }
  return Math.min(1, Math.max(0, (moment.clockMs - span.fromMs) / (span.toMs - span.fromMs)))
}

/** What a lane is in; null before it began and after it ended. A held phase comes first. */
export function lanePhase(lane: Lane, moment: Moment): PhaseName | null {
  const { held, clockMs } = moment
  if (held?.devices.includes(lane.device)) return held.phase
  return lane.spans.find(({ fromMs, toMs }) => clockMs >= fromMs && clockMs < toMs)?.phase ?? null
}

/** The phase to speak of: what is held, else what began last on any lane. */
export function spokenPhase(lanes: readonly Lane[], moment: Moment): PhaseName | null {
  if (moment.held !== null) return moment.held.phase
  const current = lanes.flatMap(({ spans }) =>
    spans.filter(({ fromMs, toMs }) => moment.clockMs >= fromMs && moment.clockMs < toMs),
  )
  const last = current.reduce<(typeof current)[number] | null>(
    (latest, span) => (latest === null || span.fromMs > latest.fromMs ? span : latest),
    null,
  )
  return last?.phase ?? null
}

/** What rounding leaves between the end of one span and the beginning of the next. */
const roundingMs = 1e-6

function secondsAt(beats: readonly Beat[], ms: number): number {
  const beat = beats.find(({ toMs }) => ms < toMs - roundingMs)
  if (beat === undefined) return beats.at(-1)?.toSeconds ?? 0
  const share = Math.max(0, (ms - beat.fromMs) / (beat.toMs - beat.fromMs))
  return beat.fromSeconds + share * (beat.toSeconds - beat.fromSeconds)
}

interface Occurrence extends Held {
  devices: number[]
  fromMs: number
  toMs: number
  /** On any one lane. */
  longestMs: number
}

/** Each phase with the lanes that were in it at the same time; lanes that went through it at another time apart. */
function occurrences(lanes: readonly Lane[]): Occurrence[] {
  const found: Occurrence[] = []
  const inTime = lanes
    .flatMap(({ device, spans }) => spans.map((span) => ({ ...span, device })))
    .sort((a, b) => a.fromMs - b.fromMs)
  for (const { phase, fromMs, toMs, device } of inTime) {
    const same = found.find((one) => one.phase === phase && fromMs <= one.toMs + roundingMs)
    if (same === undefined) {
      found.push({ phase, devices: [device], fromMs, toMs, longestMs: toMs - fromMs })
      continue
    }
    same.devices.push(device)
    same.toMs = Math.max(same.toMs, toMs)
    same.longestMs = Math.max(same.longestMs, toMs - fromMs)
  }
  return found
}
