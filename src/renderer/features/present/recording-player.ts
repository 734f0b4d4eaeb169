import type { RecordedEvent } from '../../../shared/live/live-event.js'
import { LiveRun } from '../../../shared/live/live-run.js'
import type { CallHost } from '../../state/dashboard.js'
import { RunView } from '../../state/run-view.js'

export const speeds = [1, 2, 5, 10, 20] as const

export type Speed = (typeof speeds)[number]

export interface PlayerState {
  isPlaying: boolean
  speed: Speed
  positionMs: number
  durationMs: number
}

const tickMs = 50

/**
 * Plays a recorded run into a view, as if it happened now: at a multiple of its pace, paused, step by step, or from
 * another moment on. The recording is fetched in parts, ahead of where it is played.
 */
export class RecordingPlayer {
  readonly view: RunView
  private state: PlayerState
  private next = 1
  private timer: ReturnType<typeof setInterval> | null = null
  private readonly listeners = new Set<() => void>()

  private constructor(
    private readonly events: RecordedEvent[],
    first: LiveRun,
  ) {
    this.view = new RunView(first)
    this.state = { isPlaying: false, speed: 5, positionMs: 0, durationMs: events.at(-1)?.atMs ?? 0 }
  }

  /** Reads the whole recording. Resolves with null where it does not begin with a run. */
  static async open(call: CallHost, runId: string): Promise<RecordingPlayer | null> {
    const events: RecordedEvent[] = []
    for (let from: number | null = 0; from !== null; ) {
      const part: { events: RecordedEvent[]; next: number | null } = await call('readRecording', {
        runId,
        from,
      })
      events.push(...part.events)
      from = part.next
    }
    const first = events[0] === undefined ? null : LiveRun.begin(events[0].event)
    return first === null ? null : new RecordingPlayer(events, first)
  }

  get current(): PlayerState {
    return this.state
  }

  /** @returns ends the subscription */
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  play(): void {
    if (this.state.isPlaying) return
    if (this.state.positionMs >= this.state.durationMs) this.seek(0)
    let tickedAtMs = performance.now()
    this.timer = setInterval(() => {
      const nowMs = performance.now()
      this.advanceTo(this.state.positionMs + (nowMs - tickedAtMs) * this.state.speed)
      tickedAtMs = nowMs
    }, tickMs)
    this.change({ isPlaying: true })
  }

  pause(): void {
    if (this.timer !== null) clearInterval(this.timer)
    this.timer = null
    this.change({ isPlaying: false })
  }

  setSpeed(speed: Speed): void {
    this.change({ speed })
  }

  /** Pauses, and goes on to the next optimiser step of any strategy. */
  step(): void {
    this.pause()
    const index = this.events.findIndex(({ event }, at) => at >= this.next && event.type === 'steps')
    const event = this.events[index]
    if (event !== undefined) this.advanceTo(event.atMs, index + 1)
  }

  /** Goes to a moment; backwards by playing from the beginning in no time. */
  seek(positionMs: number): void {
    if (positionMs < this.state.positionMs) this.rewind()
    this.advanceTo(positionMs)
  }

  close(): void {
    this.pause()
    this.listeners.clear()
  }

  private rewind(): void {
    const [first] = this.events
    const run = first === undefined ? null : LiveRun.begin(first.event)
    if (run === null) return
    this.next = 1
    this.view.replace(run)
  }

  private advanceTo(positionMs: number, end = this.endOf(positionMs)): void {
    if (end > this.next) {
      this.view.apply(this.events.slice(this.next, end).map(({ event }) => event))
      this.next = end
    }
    const reached = Math.min(positionMs, this.state.durationMs)
    this.change({ positionMs: reached })
    if (this.next >= this.events.length && reached >= this.state.durationMs) this.pause()
  }

  private endOf(positionMs: number): number {
    let end = this.next
    while (end < this.events.length && (this.events[end]?.atMs ?? 0) <= positionMs) end++
    return end
  }

  private change(part: Partial<PlayerState>): void {
    this.state = { ...this.state, ...part }
    for (const listener of this.listeners) listener()
  }
}
