import type { LiveEvent, RecordedEvent, RunSample } from '../../../shared/live/live-event.js'
import { measurementKey } from '../../../shared/results.js'
import { trainingStartedAtMs } from '../measurements.js'
import { meanUtilisation } from '../run-samples.js'
import { gibibytes, percent } from '../units.js'
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
      return `Run ${event.status}`
    case 'measurement': {
      const { title, status, skipReason, error } = event.measurement
      if (status === 'running' || status === 'completed') return null
      return `${title} ${status}: ${skipReason ?? error?.message ?? 'stopped'}`
    }
    default:
      return null
  }
}

function* counters({ atMs, cpu, memory, gpus }: RunSample, clock: TraceClock): Generator<TraceEvent> {
  const figures: [name: string, value: number | null][] = [
    ['CPU utilisation (%)', percent(meanUtilisation(cpu.cores))],
    ['CPU steal (%)', percent(cpu.stealShare)],
    ['CPU power (W)', cpu.powerWatts],
    ['Memory used (GiB)', gibibytes(memory.usedBytes)],
    ...gpus.flatMap((gpu): [string, number | null][] => [
      [`GPU:${gpu.index} utilisation (%)`, percent(gpu.utilisation)],
      [`GPU:${gpu.index} memory used (GiB)`, gibibytes(gpu.memoryUsedBytes)],
      [`GPU:${gpu.index} power (W)`, gpu.powerWatts],
    ]),
  ]
  for (const [name, value] of figures) {
    if (value !== null) yield { ph: 'C', ...machineTrack, name, ts: clock.at(atMs), args: { value } }
  }
}
