import { requestVisibleFrame, whenSeen } from './visible-frame.js'

/** Longer than a frame ever takes while the page is seen: time beyond it was spent hidden, and is not played. */
const longestFrameMs = 250

/**
 * Tells how much time has passed, frame by frame, from `start` until `stop`. It asks for frames only then, and only while
 * the page is seen. Readers who prefer reduced motion get stills in their place: one tick every `stillMs`.
 */
export class FrameTicker {
  private isRunning = false
  /** Takes back the request under way: a frame, or the next still. */
  private cancel: () => void = () => {}
  private lastMs = 0

  constructor(
    private readonly onTick: (elapsedMs: number) => void,
    /** Null: frames. */
    private readonly stillMs: number | null,
  ) {}

  start(): void {
    if (this.isRunning) return
    this.isRunning = true
    if (this.stillMs === null) this.cancel = requestVisibleFrame(this.begin)
    else this.waitForStill(this.stillMs)
  }

  stop(): void {
    this.isRunning = false
    this.cancel()
    this.cancel = () => {}
  }

  private begin = (nowMs: number): void => {
    this.lastMs = nowMs
    this.cancel = requestVisibleFrame(this.advance)
  }

  private advance = (nowMs: number): void => {
    const elapsedMs = Math.min(longestFrameMs, nowMs - this.lastMs)
    this.lastMs = nowMs
    this.onTick(elapsedMs)
    if (this.isRunning) this.cancel = requestVisibleFrame(this.advance)
  }

  private waitForStill(stillMs: number): void {
    let cancelWaiting = (): void => {}
    const timer = setTimeout(() => {
      cancelWaiting = whenSeen(() => {
        this.onTick(stillMs)
        if (this.isRunning) this.waitForStill(stillMs)
      })
    }, stillMs)
    this.cancel = () => {
      clearTimeout(timer)
      cancelWaiting()
    }
  }
}
