import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs'
import { dirname } from 'node:path'
import { finished } from 'node:stream/promises'

/** Enough for the end of any error message. */
const ringCharacters = 64 * 1024
/** A child that floods its output must not fill the disk. */
const fileCharacters = 10 * 1024 * 1024

/** What TensorFlow says about itself whenever it is loaded. */
const chatter = /^WARNING: All log messages before absl|^[IW]\d{4} |: [IW] (tensorflow|external)\//

/**
 * What a child printed: the end of it in memory, for error messages, and the beginning in a file, where
 * one is wanted. Output is always taken, so that the child never blocks on a full pipe.
 */
export class ChildLog {
  private readonly path: string | null
  private recent = ''
  private written = 0
  private file: WriteStream | null = null

  constructor(path: string | null) {
    this.path = path
  }

  append(text: string): void {
    this.recent = (this.recent + text).slice(-ringCharacters)
    if (this.path === null || this.written >= fileCharacters) return
    this.file ??= openLog(this.path)
    this.file?.write(text.slice(0, fileCharacters - this.written))
    this.written += text.length
  }

  /** The log file, once something was printed. */
  get writtenPath(): string | null {
    return this.file === null ? null : this.path
  }

  /**
   * The lines that most likely say what went wrong: from the last one that mentions an error, else simply
   * the last ones. Empty when nothing telling was printed.
   */
  tellingLines(): string {
    const lines = this.recent.split('\n').filter((line) => line.trim() !== '' && !chatter.test(line))
    const error = lines.findLastIndex((line) => /\b\w*error\b|\bfatal\b|out of memory/i.test(line))
    const telling = error === -1 ? lines.slice(-3) : lines.slice(error, error + 3)
    return telling.map((line) => line.trim().slice(0, 300)).join(' | ')
  }

  /** The end of it, as far as it is kept in memory. */
  lastOutput(): string {
    return this.recent
  }

  /** True when the output mentions it; for errors that only the text distinguishes. */
  mentions(pattern: RegExp): boolean {
    return pattern.test(this.recent)
  }

  async close(): Promise<void> {
    const file = this.file
    if (file === null || file.closed) return
    file.end()
    await finished(file).catch(ignoreWriteError)
  }
}

/** A full disk or a folder that may not be written loses the log, never the run. */
function openLog(path: string): WriteStream | null {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  } catch {
    return null
  }
  return createWriteStream(path, { mode: 0o600 }).on('error', ignoreWriteError)
}

function ignoreWriteError(): void {}
