import type { MeasurementPhase, RecordedEvent, RunSample } from '../../shared/live/live-event.js'
import { measurementKey } from '../../shared/results/results.js'

/** A sample of the machine, and what the run was at when it was taken. */
export interface SampleInRun {
  sample: RunSample
  /** `measurementKey` of the measurement, and how far it was; null between measurements. */
  during: { key: string; phase: MeasurementPhase } | null
}

/** All samples of a recording, in order. */
export async function* runSamples(events: AsyncIterable<RecordedEvent>): AsyncGenerator<SampleInRun> {
  let during: SampleInRun['during'] = null
  for await (const { event } of events) {
    if (event.type === 'phase') during = { key: event.id, phase: event.phase }
    else if (event.type === 'measurement' && event.measurement.status !== 'running') {
      if (during?.key === measurementKey(event.measurement)) during = null
    } else if (event.type === 'telemetry') {
      for (const sample of event.samples) yield { sample, during }
    }
  }
}
