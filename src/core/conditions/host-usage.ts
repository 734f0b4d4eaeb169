/** How many cores this process keeps busy, all its threads together: 0.1 is a tenth of one. */
export class HostUsage {
  private used = process.cpuUsage()
  private atMs = performance.now()

  /** Since the call before, or since it was made; null where no time has passed. */
  coresSinceLast(): number | null {
    const { user, system } = process.cpuUsage(this.used)
    const nowMs = performance.now()
    const passedMs = nowMs - this.atMs
    if (passedMs <= 0) return null
    this.used = process.cpuUsage()
    this.atMs = nowMs
    return (user + system) / 1000 / passedMs
  }
}
