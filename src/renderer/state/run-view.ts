import type { LiveEvent } from '../../shared/live/live-event.js'
import { LiveRun, type LiveRunSnapshot } from '../../shared/live/live-run.js'
import { FrameClock } from '../charts/frame-clock.js'

/** One run as the page shows it: the run itself, which grows in place, and the clock by which it is looked at. */
export class RunView {
  constructor(
    public run: LiveRun,
    /** When to draw it. */
    readonly frames = new FrameClock(),
  ) {}

  /** A run that is under way on the host's machine, which is mostly the page's too. */
  static underWay(run: LiveRun): RunView {
    const devices = run.head.measurements.flatMap((measurement) => measurement.devices)
    const besideTrainingCores = devices.some(({ kind }) => kind === 'cpu')
    return new RunView(run, new FrameClock({ besideTrainingCores }))
  }

  static fromSnapshot(snapshot: LiveRunSnapshot): RunView {
    return new RunView(LiveRun.fromSnapshot(snapshot))
  }

  apply(events: readonly LiveEvent[]): void {
    for (const event of events) this.run.apply(event)
    this.frames.request()
  }

  /** Starts over from another state of the same run: a snapshot after a gap, or a player that went back. */
  replace(run: LiveRun): void {
    this.run = run
    this.frames.request()
  }
}
