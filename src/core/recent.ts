/**
 * Keeps what was last made, under its key, until nobody has asked for it for some time: what one view asks for again and
 * again costs once, and memory holds one of it at most.
 */
export class Recent<Value> {
  private latest: { key: string; value: Promise<Value> } | null = null
  private timer: NodeJS.Timeout | null = null

  constructor(private readonly keptMs: number) {}

  /** What is kept under the key, else what `make` makes. What failed is not kept. */
  async get(key: string, make: () => Promise<Value>): Promise<Value> {
    if (this.latest?.key !== key) {
      const made = { key, value: make() }
      this.latest = made
      made.value.catch(() => {
        if (this.latest === made) this.forget()
      })
    }
    this.restartTimer()
    return await this.latest.value
  }

  forget(): void {
    this.latest = null
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
  }

  private restartTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = setTimeout(() => this.forget(), this.keptMs)
    this.timer.unref()
  }
}
