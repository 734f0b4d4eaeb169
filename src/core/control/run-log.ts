import type { LogLine } from '../../shared/live/live-event.js'

/** A trainer that floods its output must not flood every view of the run. Its log file has the rest. */
const linesASecond = 200
const longestLine = 1_000

/** Cuts what children print into lines, for the log of a run. Output without an end of line waits for one. */
export class RunLog {
  private readonly rests = new Map<string, string>()
  private second = Number.NaN
  private taken = 0

  constructor(private readonly nowMs: () => number) {}

  /** The lines that are whole with this text, at most so many a second; one line says that some were left out. */
  take(source: string, text: string): LogLine[] {
    const parts = ((this.rests.get(source) ?? '') + text).split(/\r?\n/)
    this.rests.set(source, (parts.pop() ?? '').slice(-longestLine))
    return parts
      .filter((line) => line.trim() !== '')
      .flatMap((line) => this.limit({ source, text: line.slice(0, longestLine) }))
  }

  private limit(line: LogLine): LogLine[] {
    const second = Math.floor(this.nowMs() / 1000)
    if (second !== this.second) {
      this.second = second
      this.taken = 0
    }
    this.taken++
    if (this.taken <= linesASecond) return [line]
    if (this.taken > linesASecond + 1) return []
    return [{ source: line.source, text: '(more than is shown here; the log file has it all)' }]
  }
}
