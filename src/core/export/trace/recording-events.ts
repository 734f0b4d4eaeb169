import {
  deviceFigureNames,
  deviceFigures,
  inUnit,
  sampledDevices,
} from '../../../shared/domain/device-figures.js'
import type { LiveEvent, RecordedEvent, RunSample } from '../../../shared/live/live-event.js'
import { measurementKey, statusWord } from '../../../shared/results/results.js'
import { trainingStartedAtMs } from '../measurements.js'
import { instant, slice, type TraceClock, type TraceEvent } from './trace-event.js'
import { type MeasurementTracks, machineTrack } from './tracks.js'

const preparations = { starting: 'Starting', 'warming-up': 'Warm-up' } as const

interface Preparation {
  key: string
  name: string
  fromMs: number
}

/** What the recording knows beyond the results: preparations, notes, how things ended, the machine. */
export async function* recordingEvents(
  recording: AsyncIterable<RecordedEvent>,
  tracks: ReadonlyMap<string, MeasurementTracks>,
  clock: TraceClock,
): AsyncGenerator<TraceEvent> {
  let beganAtMs = 0
  let preparation: Preparation | null = null
  for await (const { atMs, event } of recording) {
    if (event.type === 'run-started') beganAtMs = event.startedAtMs
    const nowMs = beganAtMs + atMs
    if (preparation !== null && endsPreparation(event, preparation)) {
      yield* preparationEvent(preparation, nowMs, tracks, clock)
      preparation = null
    }
    if (event.type === 'phase' && event.phase !== 'training') {
      preparation = { key: event.id, name: preparations[event.phase], fromMs: nowMs }
    }
    const text = remarkOf(event)
    if (text !== null) yield instant(machineTrack, text, 'run', clock.at(nowMs))
    if (event.type !== 'telemetry') continue
    for (const sample of event.samples) yield* counters(sample, clock)
  }
}

function endsPreparation(event: LiveEvent, { key }: Preparation): boolean {
  if (event.type === 'phase') return true
  return event.type === 'measurement' && measurementKey(event.measurement) === key
}

function* preparationEvent(
  { key, name, fromMs }: Preparation,
  nowMs: number,
  tracks: ReadonlyMap<string, MeasurementTracks>,
  clock: TraceClock,
): Generator<TraceEvent> {
  const own = tracks.get(key)
  if (own === undefined) return
  // The host heard of the first step a little later than it began.
  const toMs = Math.min(nowMs, trainingStartedAtMs(own.measurement) ?? nowMs)
  const [from, to] = [clock.at(fromMs), clock.at(toMs)]
  if (to > from) yield slice(own.course, name, 'preparation', { from, to })
}

/** What a reader of the time line should know; null for what it shows by itself. */
function remarkOf(event: LiveEvent): string | null {
  switch (event.type) {
    case 'note':
      return event.text
    case 'warning':
      return `Warning: ${event.text}`
    case 'run-finished':
      return `Run ${statusWord(event.status)}`
    case 'measurement': {
      const { title, status, skipReason, error } = event.measurement
      if (status === 'running' || status === 'completed') return null
      return `${title} ${statusWord(status)}: ${skipReason ?? error?.message ?? 'not finished'}`
    }
    default:
      return null
  }
}

function* counters(sample: RunSample, clock: TraceClock): Generator<TraceEvent> {
  for (const { kind, name, figures } of sampledDevices(sample)) {
    if (kind !== 'cpu' && kind !== 'gpu') continue
    for (const figure of deviceFigureNames) {
      const { traceCounter, unit } = deviceFigures[figure]
      const value = inUnit(figure, figures[figure])
      if (traceCounter === null || value === null) continue
      const title = `${name} ${traceCounter} (${unit})`
      yield { ph: 'C', ...machineTrack, name: title, ts: clock.at(sample.atMs), args: { value } }
    }
  }
}
