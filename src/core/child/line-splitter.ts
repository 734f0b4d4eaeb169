/** Cuts a stream of bytes into lines of UTF-8, and keeps no more of it than one line may have. */
export class LineSplitter {
  private rest: Buffer[] = []
  private restBytes = 0

  /**
   * Hands on the lines that `chunk` completes, without their ends, until one is longer than `limitBytes` says at that moment:
   * what a line says may change the limit of those after it. Returns false then; nothing more can be read.
   */
  take(chunk: Buffer, limitBytes: () => number, onLine: (line: string) => void): boolean {
    let from = 0
    for (;;) {
      const end = chunk.indexOf(0x0a, from)
      const part = chunk.subarray(from, end === -1 ? chunk.length : end)
      if (this.restBytes + part.length > limitBytes()) return false
      this.rest.push(part)
      this.restBytes += part.length
      if (end === -1) return true
      const line = Buffer.concat(this.rest, this.restBytes).toString('utf8')
      this.rest = []
      this.restBytes = 0
      from = end + 1
      onLine(line)
    }
  }
}
