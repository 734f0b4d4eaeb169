import { flushSync } from 'react-dom'

/** No view is drawn more often than the first, nor kept waiting longer than the second. */
const intervalLimitsMs = { shortest: 100, longest: 1_000 }

/**
 * Of the time, drawing may take one part in so many, since the page shares the machine with what it shows. Where CPU
 * cores train, it takes its time from one of them, and every rank waits for the slowest.
 */
const drawingShare = { usual: 25, besideTrainingCores: 100 }

/**
 * Says when to draw what has changed: everyone in the same animation frame, so that a change costs one layout and one
 * painting, ten times a second at most, less often where drawing takes long, and not at all while the page is hidden.
 */
export class FrameClock {
  private readonly drawingShare: number
  private readonly listeners = new Set<() => void>()
  private pending = false
  private lastFrameMs = Number.NEGATIVE_INFINITY
  private drawingMs = 0

  constructor({ besideTrainingCores = false } = {}) {
    this.drawingShare = besideTrainingCores ? drawingShare.besideTrainingCores : drawingShare.usual
  }

  /** Between two drawings, as they go by now. */
  get intervalMs(): number {
    const wished = Math.min(intervalLimitsMs.longest, this.drawingShare * this.drawingMs)
    return Math.max(intervalLimitsMs.shortest, wished)
  }

  /** @returns ends the subscription */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Something has changed. */
  request(): void {
    if (this.pending || this.listeners.size === 0) return
    this.pending = true
    const waitMs = Math.max(0, this.intervalMs - (performance.now() - this.lastFrameMs))
    setTimeout(() => requestAnimationFrame(() => this.draw()), waitMs)
  }

  private draw(): void {
    this.pending = false
    this.lastFrameMs = performance.now()
    // Rendered within this frame: left to React's own pace it would be painted in this one and in the next.
    flushSync(() => {
      for (const listener of this.listeners) listener()
    })
    // By then the page has rendered, laid out and painted what the listeners changed.
    setTimeout(() => {
      this.drawingMs = performance.now() - this.lastFrameMs
    })
  }
}
