/** How long to wait for what has arrived but was not read yet, before a silence counts. */
const secondLookMs = 100

/**
 * Calls `onHung` when nothing was heard for too long. A child that hangs in native code cannot say so; only its
 * silence does.
 */
export class SilenceWatchdog {
  private timer: NodeJS.Timeout | null
  private heardCount = 0

  constructor(
    private limitMs: number,
    private readonly onHung: (limitMs: number) => void,
  ) {
    this.timer = this.arm()
  }

  /** Something was heard. */
  heard(): void {
    this.heardCount++
    this.timer?.refresh()
  }

  /** From now on, this long a silence is too long. */
  allow(limitMs: number): void {
    if (this.timer === null || limitMs === this.limitMs) return
    clearTimeout(this.timer)
    this.limitMs = limitMs
    this.timer = this.arm()
  }

  /** Stops watching, for good. */
  close(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
  }

  private arm(): NodeJS.Timeout {
    return setTimeout(() => this.lookAgain(), this.limitMs)
  }

  /** When this process itself was busy for that long, its timers come before the messages that wait for it. */
  private lookAgain(): void {
    const heardBefore = this.heardCount
    this.timer = setTimeout(() => {
      if (this.heardCount > heardBefore) {
        this.timer = this.arm()
        return
      }
      this.close()
      this.onHung(this.limitMs)
    }, secondLookMs)
  }
}
