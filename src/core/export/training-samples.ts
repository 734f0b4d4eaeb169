import type { RecordedEvent, RunSample } from '../../shared/live/live-event.js'
import { runSamples, type SampleInRun } from './run-samples.js'

/**
 * Hands out the samples of a recording to one measurement after another, reading it once. Owns the reading: `close` ends
 * it wherever it is.
 */
export class TrainingSamples {
  private readonly samples: AsyncGenerator<SampleInRun>
  /** Read already, and of a measurement that is still to come. */
  private next: SampleInRun | null = null

  /** @param order `measurementKey`s as they will be asked for, which is as they were measured */
  constructor(
    events: AsyncIterable<RecordedEvent>,
    private readonly order: readonly string[],
  ) {
    this.samples = runSamples(events)
  }

  /** The samples that were taken while this measurement trained, after its warm-up. */
  async *of(key: string): AsyncGenerator<RunSample> {
    const wanted = this.order.indexOf(key)
    for (;;) {
      const inRun = this.next ?? (await this.read())
      if (inRun === null) return
      const place = inRun.during === null ? -1 : this.order.indexOf(inRun.during.key)
      this.next = place > wanted ? inRun : null
      if (place > wanted) return
      if (place === wanted && inRun.during?.phase === 'training') yield inRun.sample
    }
  }

  async close(): Promise<void> {
    await this.samples.return(undefined)
  }

  private async read(): Promise<SampleInRun | null> {
    const { done, value } = await this.samples.next()
    return done ? null : value
  }
}
