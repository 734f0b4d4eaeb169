import { imagesAt, type PacePoint } from './pace.js'

/** Lanes beyond these cannot be told apart on a projector. */
export const fewestLanes = 2
export const mostLanes = 6

/** Who may take part: a measurement with its images by time. */
export interface Racer {
  pace: readonly PacePoint[]
  /** Of its first epoch. */
  epochImages: number
}

/** Several measurements on one clock, from the first step of each to the moment at which the last is through. */
export interface Race<Lane extends Racer = Racer> {
  lanes: Lane[]
  /** What is to be trained: one epoch, or where epochs differ the shortest. */
  lineImages: number
  /** Of each lane: when it crossed the line. */
  finishSeconds: number[]
  lengthSeconds: number
}

/** Null for lanes without steps, and for fewer than two. */
export function raceOf<Lane extends Racer>(entered: readonly Lane[]): Race<Lane> | null {
  const lanes = entered.filter(({ pace }) => pace.length > 1).slice(0, mostLanes)
  if (lanes.length < fewestLanes) return null
  const lineImages = Math.min(...lanes.map(({ epochImages }) => epochImages))
  const finishSeconds = lanes.map(({ pace }) => secondsAt(pace, lineImages))
  return { lanes, lineImages, finishSeconds, lengthSeconds: Math.max(...finishSeconds) }
}

/** How far a lane is. */
export interface Standing {
  images: number
  /** Of the line, 0 to 1. */
  share: number
  /** Counted from 1; null before the line. */
  place: number | null
}

/** All lanes at a moment of the race. Who crosses at the same time has the same place. */
export function standings(race: Race, seconds: number): Standing[] {
  const { lanes, lineImages, finishSeconds } = race
  return lanes.map(({ pace }, lane) => {
    const finish = finishSeconds[lane] ?? 0
    const isThrough = seconds >= finish
    const images = isThrough ? lineImages : Math.min(lineImages, imagesAt(pace, seconds))
    const before = finishSeconds.filter((other) => other < finish).length
    return { images, share: images / lineImages, place: isThrough ? before + 1 : null }
  })
}

/** When so many images were trained, evenly between two steps; the end of the pace for more than it has. */
export function secondsAt(pace: readonly PacePoint[], images: number): number {
  const next = pace.findIndex((point) => point.images >= images)
  const after = pace[next]
  const before = pace[next - 1]
  if (after === undefined) return pace.at(-1)?.seconds ?? 0
  if (before === undefined) return after.seconds
  const share = (images - before.images) / (after.images - before.images)
  return before.seconds + share * (after.seconds - before.seconds)
}
