import type { RecordedEvent } from '../../../shared/live/live-event.js'
import { LiveRun } from '../../../shared/live/live-run.js'
import { stagedRecording } from '../../../shared/live/staged-recording.js'
import type { CallHost } from '../../state/dashboard.js'
import { RunView } from '../../state/run-view.js'
import { ClockPlayer } from './clock-player.js'

/** At first: a run of a few minutes is over before people look at something else. */
const firstSpeed = 5

/**
 * Plays a recorded run into a view, as if it happened now: Single first, at a multiple of its pace, paused, step by step,
 * or from another moment on.
 */
export class RecordingPlayer {
  readonly view: RunView
  readonly clock: ClockPlayer
  private next = 1

  private constructor(
    private readonly events: RecordedEvent[],
    first: LiveRun,
    inStills: boolean,
  ) {
    this.view = new RunView(first)
    this.clock = new ClockPlayer(events.at(-1)?.atMs ?? 0, inStills, firstSpeed)
    this.clock.subscribe(() => this.showTo(this.clock.current.positionMs))
    // The first picture has something in it: what is known before the first step is on the stage at once.
    this.showTo(0)
    this.step()
  }

  /** Reads the whole recording. Resolves with null where it does not begin with a run. */
  static async open(call: CallHost, runId: string, inStills = false): Promise<RecordingPlayer | null> {
    const read: RecordedEvent[] = []
    for (let from: number | null = 0; from !== null; ) {
      const part: { events: RecordedEvent[]; next: number | null } = await call('readRecording', {
        runId,
        from,
      })
      read.push(...part.events)
      from = part.next
    }
    const events = stagedRecording(read)
    const first = events[0] === undefined ? null : LiveRun.begin(events[0].event)
    return first === null ? null : new RecordingPlayer(events, first, inStills)
  }

  /** Pauses, and goes on to the next optimiser step of any strategy. */
  step(): void {
    this.clock.pause()
    const index = this.events.findIndex(({ event }, at) => at >= this.next && event.type === 'steps')
    const event = this.events[index]
    if (event === undefined) return
    this.apply(index + 1)
    this.clock.seek(event.atMs)
  }

  /** Goes to a moment; backwards by playing from the beginning in no time. */
  seek(positionMs: number): void {
    this.clock.seek(positionMs)
  }

  close(): void {
    this.clock.close()
  }

  private showTo(positionMs: number): void {
    const shownMs = this.events[this.next - 1]?.atMs ?? 0
    if (positionMs < shownMs) this.rewind()
    let end = this.next
    while (end < this.events.length && (this.events[end]?.atMs ?? 0) <= positionMs) end++
    this.apply(end)
  }

  private apply(end: number): void {
    if (end <= this.next) return
    this.view.apply(this.events.slice(this.next, end).map(({ event }) => event))
    this.next = end
  }

  private rewind(): void {
    const [first] = this.events
    const run = first === undefined ? null : LiveRun.begin(first.event)
    if (run === null) return
    this.next = 1
    this.view.replace(run)
  }
}
