import { type FileHandle, open } from 'node:fs/promises'

/** Short enough that a kill loses little, long enough that writing costs nothing. */
const flushEveryMs = 250

/**
 * Appends JSON documents to a file, a line each, in batches. A line is either whole or, after a crash, the last
 * one. A write that fails is told once; from then on everything is dropped, since a recording with a hole would
 * be read as if there were none.
 */
export class JsonLinesWriter {
  private waiting: string[] = []
  private writing: Promise<void> = Promise.resolve()
  private timer: NodeJS.Timeout | null = null
  private broken = false

  private constructor(
    private readonly file: FileHandle,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Creates the file; throws if it exists or cannot be made. */
  static async create(path: string, onFailure: (error: unknown) => void): Promise<JsonLinesWriter> {
    return new JsonLinesWriter(await open(path, 'ax'), onFailure)
  }

  append(document: unknown): void {
    if (this.broken) return
    this.waiting.push(`${JSON.stringify(document)}\n`)
    this.timer ??= setTimeout(() => this.write(), flushEveryMs)
  }

  /** Resolves when all that was appended is on the disk, or could not be. */
  async sync(): Promise<void> {
    this.write()
    this.writing = this.writing.then(() => this.unlessBroken(() => this.file.datasync()))
    await this.writing
  }

  async close(): Promise<void> {
    await this.sync()
    await this.file.close()
  }

  private write(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    if (this.waiting.length === 0) return
    const text = this.waiting.join('')
    this.waiting = []
    this.writing = this.writing.then(() => this.unlessBroken(() => this.file.appendFile(text)))
  }

  private async unlessBroken(action: () => Promise<void>): Promise<void> {
    if (this.broken) return
    try {
      await action()
    } catch (error) {
      this.broken = true
      this.waiting = []
      this.onFailure(error)
    }
  }
}
