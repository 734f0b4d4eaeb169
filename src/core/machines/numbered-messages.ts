/**
 * Messages that survive a wire: each has a number and is kept until the other end says that it has it. After a new
 * wire, what the other end lacks is said again; what it has already is not heard twice.
 */
export class NumberedMessages {
  private readonly kept: { number: number; line: string }[] = []
  private keptBytes = 0
  private lastNumber = 0
  private lastReceived = 0

  /** The number of the last message from the other end. */
  get received(): number {
    return this.lastReceived
  }

  /** Of what the other end may still lack. */
  get waitingBytes(): number {
    return this.keptBytes
  }

  /** The line that carries `body`. */
  add(body: unknown): string {
    const number = ++this.lastNumber
    const line = JSON.stringify({ type: 'numbered', number, body })
    this.kept.push({ number, line })
    this.keptBytes += Buffer.byteLength(line)
    return line
  }

  /** The other end has all up to this one. Returns false for a number that was never sent. */
  acknowledge(number: number): boolean {
    if (number > this.lastNumber) return false
    while (this.kept[0] !== undefined && this.kept[0].number <= number) {
      this.keptBytes -= Buffer.byteLength(this.kept[0].line)
      this.kept.shift()
    }
    return true
  }

  /** What the other end lacks, in order. */
  unacknowledged(): string[] {
    return this.kept.map(({ line }) => line)
  }

  /** `new` for the next message, `again` for one that was heard, `gap` where one before it is missing. */
  take(number: number): 'new' | 'again' | 'gap' {
    if (number <= this.lastReceived) return 'again'
    if (number > this.lastReceived + 1) return 'gap'
    this.lastReceived = number
    return 'new'
  }
}
