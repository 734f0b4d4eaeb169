/**
 * Calls `onHung` when nothing was heard for too long. A trainer that hangs in native code cannot say so;
 * only its silence does.
 */
export class ProgressWatchdog {
  private timer: NodeJS.Timeout | null

  constructor(
    private limitMs: number,
    private readonly onHung: (limitMs: number) => void,
  ) {
    this.timer = this.arm()
  }

  /** Something was heard. */
  heard(): void {
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
    return setTimeout(() => {
      this.close()
      this.onHung(this.limitMs)
    }, this.limitMs)
  }
}
