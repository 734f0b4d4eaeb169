import { FrameTicker } from '../../charts/frame-ticker.js'

/** Times the pace at which something was recorded. */
export const speeds = [0.01, 0.1, 0.5, 1, 2, 5, 10, 20] as const

export type Speed = (typeof speeds)[number]

export interface ClockState {
  isPlaying: boolean
  speed: Speed
  positionMs: number
  durationMs: number
}

/** In stills, each stands for so long. */
const stillMs = 2_500

/**
 * A place in something recorded that moves at a multiple of its pace. It asks for frames only while it plays and the page
 * is seen. Who prefers reduced motion gets stills: the same places, seldom.
 */
export class ClockPlayer {
  private state: ClockState
  private readonly ticker: FrameTicker
  private readonly listeners = new Set<() => void>()

  constructor(durationMs: number, inStills: boolean, speed: Speed = 1) {
    this.state = { isPlaying: false, speed, positionMs: 0, durationMs }
    this.ticker = new FrameTicker((elapsedMs) => this.advance(elapsedMs), inStills ? stillMs : null)
  }

  get current(): ClockState {
    return this.state
  }

  /** @returns ends the subscription */
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** From the beginning, where it has ended. */
  play(): void {
    const { isPlaying, positionMs, durationMs } = this.state
    if (isPlaying) return
    this.change({ isPlaying: true, ...(positionMs >= durationMs && { positionMs: 0 }) })
    this.ticker.start()
  }

  pause(): void {
    this.ticker.stop()
    if (this.state.isPlaying) this.change({ isPlaying: false })
  }

  setSpeed(speed: Speed): void {
    this.change({ speed })
  }

  seek(positionMs: number): void {
    const { durationMs, isPlaying } = this.state
    const reached = Math.min(Math.max(positionMs, 0), durationMs)
    this.change({ positionMs: reached })
    if (reached >= durationMs && isPlaying) this.pause()
  }

  close(): void {
    this.pause()
    this.listeners.clear()
  }

  private advance(elapsedMs: number): void {
    this.seek(this.state.positionMs + elapsedMs * this.state.speed)
  }

  private change(part: Partial<ClockState>): void {
    this.state = { ...this.state, ...part }
    for (const listener of this.listeners) listener()
  }
}
