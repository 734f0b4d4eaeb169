import type { StepRecord } from '../../../shared/child/trainer-protocol.js'
import { phases, stepImagesPerSecond } from '../../../shared/live/group-step.js'
import { epochSpans } from '../measurements.js'
import { instant, type Span, slice, type TraceClock, type TraceEvent, type Track } from './trace-event.js'
import type { MeasurementTracks } from './tracks.js'

/** The epochs of a measurement, and every step of every rank with its phases. */
export function* stepEvents(tracks: MeasurementTracks, clock: TraceClock): Generator<TraceEvent> {
  yield* epochEvents(tracks, clock)
  const { ranks } = tracks.measurement
  for (const { rank, steps } of ranks) {
    const track = tracks.ofRank(rank)
    for (const [index, step] of steps.entries()) {
      const next = steps[index + 1]
      const from = clock.at(step.startedAtMs)
      const end = clock.at(step.startedAtMs + step.stepMs)
      const span = { from, to: next === undefined ? end : Math.min(end, clock.at(next.startedAtMs)) }
      yield slice(track, `Step ${step.step}`, 'step', span, undefined, {
        epoch: step.epoch,
        step: step.step,
        loss: step.loss ?? null,
        images: step.images,
        images_per_s: stepImagesPerSecond(step),
      })
      const ofStep = ranks.map((other) => other.steps[index])
      yield* phaseEvents(track, step, span, lastArrivalMs(step, ofStep), clock)
    }
  }
}

/** The first rank may begin an epoch before the last has ended the one before, which is then shown as ended. */
function* epochEvents({ measurement, course }: MeasurementTracks, clock: TraceClock): Generator<TraceEvent> {
  const spans = epochSpans(measurement)
  for (const { epoch, loss, seconds, images, testAccuracy } of measurement.epochs) {
    const span = spans.get(epoch)
    if (span === undefined) continue
    const endMs = Math.min(span.endMs, spans.get(epoch + 1)?.startMs ?? span.endMs)
    const args = { epoch, loss: loss ?? null, seconds, images, test_accuracy: testAccuracy }
    const shown = { from: clock.at(span.startMs), to: clock.at(endMs) }
    yield slice(course, `Epoch ${epoch}`, 'epoch', shown, undefined, args)
  }
}

/** Phases have no times of their own: they follow one another from the step's start, as they did. */
function* phaseEvents(
  track: Track,
  step: StepRecord,
  bounds: Span,
  lastMs: number | null,
  clock: TraceClock,
): Generator<TraceEvent> {
  let fromMs = step.startedAtMs
  for (const { name, title } of phases) {
    const toMs = fromMs + step[name]
    const span = { from: clock.at(fromMs), to: clock.at(toMs) }
    fromMs = toMs
    if (step[name] === 0) continue
    const event = slice(track, title, 'phase', span, bounds)
    yield event
    if (name !== 'communicationMs' || step.arrivedAtMs === null) continue
    const within = { from: event.ts, to: event.ts + event.dur }
    const arrived = clock.at(step.arrivedAtMs)
    yield instant(track, 'Arrived at the all-reduce', 'phase', arrived)
    if (lastMs === null || lastMs <= step.arrivedAtMs) continue
    yield slice(track, 'Waiting for slower ranks', 'phase', { from: arrived, to: clock.at(lastMs) }, within)
  }
}

/** When the last rank arrived at this step's all-reduce; null unless all of them say. */
function lastArrivalMs(step: StepRecord, ofStep: readonly (StepRecord | undefined)[]): number | null {
  const arrivals = ofStep.flatMap((other) =>
    other?.epoch === step.epoch && other.step === step.step && other.arrivedAtMs !== null
      ? [other.arrivedAtMs]
      : [],
  )
  return arrivals.length < ofStep.length ? null : Math.max(...arrivals)
}
