import { requestVisibleFrame, whenSeen } from '../../charts/visible-frame.js'

/** Times the pace at which something was recorded. */
export const speeds = [0.01, 0.1, 0.5, 1, 2, 5, 10, 20] as const

export type Speed = (typeof speeds)[number]

export interface ClockState {
  isPlaying: boolean
  speed: Speed
  positionMs: number
  durationMs: number
}

/** Longer than a frame ever takes while the page is seen: what is beyond it was spent hidden, and is not played. */
const longestFrameMs = 250

/** In stills, each stands for so long. */
const stillMs = 2_500

/**
 * A place in something recorded that moves at a multiple of its pace. It asks for frames only while it plays and the page
 * is seen. Who prefers reduced motion gets stills: the same places, seldom.
 */
export class ClockPlayer {
  private state: ClockState
  /** Takes back what was asked for: a frame, or the next still. */
  private cancel: () => void = () => {}
  private lastMs = 0
  private readonly listeners = new Set<() => void>()

  constructor(
    durationMs: number,
    private readonly inStills: boolean,
    speed: Speed = 1,
  ) {
    this.state = { isPlaying: false, speed, positionMs: 0, durationMs }
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
    if (this.inStills) this.waitForStill()
    else this.cancel = requestVisibleFrame(this.begin)
  }

  pause(): void {
    this.cancel()
    this.cancel = () => {}
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

  private begin = (nowMs: number): void => {
    this.lastMs = nowMs
    this.cancel = requestVisibleFrame(this.advance)
  }

  private advance = (nowMs: number): void => {
    const elapsedMs = Math.min(longestFrameMs, nowMs - this.lastMs)
    this.lastMs = nowMs
    this.seek(this.state.positionMs + elapsedMs * this.state.speed)
    if (this.state.isPlaying) this.cancel = requestVisibleFrame(this.advance)
  }

  private waitForStill(): void {
    const timer = setTimeout(() => {
      this.cancel = whenSeen(() => {
        this.seek(this.state.positionMs + stillMs * this.state.speed)
        if (this.state.isPlaying) this.waitForStill()
      })
    }, stillMs)
    this.cancel = () => clearTimeout(timer)
  }

  private change(part: Partial<ClockState>): void {
    this.state = { ...this.state, ...part }
    for (const listener of this.listeners) listener()
  }
}
