import { type FileHandle, open, stat } from 'node:fs/promises'
import { piecesOf } from '../files/read-pieces.js'
import { privateFileMode } from './run-folder.js'

/** What waits for a disk that takes nothing: hours of an ordinary run. */
const mostWaitingBytes = 64 * 1024 * 1024

const copiedAtOnceBytes = 1024 * 1024

/**
 * Appends JSON documents to a file, a line each, in batches. A line is either whole or, after a crash, the last one.
 * What could not be written stays in memory, in order, and goes out with the next `write` that succeeds: every write
 * says where it belongs, so half of one that failed is written over.
 */
export class JsonLinesWriter {
  private file: FileHandle | null = null
  private writtenBytes = 0
  private waiting: string[] = []
  private waitingBytes = 0
  private whole = true

  constructor(private readonly path: string) {}

  /** False once lines had to be left out, because too many waited: what is there is the beginning. */
  get isWhole(): boolean {
    return this.whole
  }

  append(document: unknown): void {
    if (!this.whole) return
    const line = `${JSON.stringify(document)}\n`
    this.waitingBytes += Buffer.byteLength(line)
    if (this.waitingBytes <= mostWaitingBytes) this.waiting.push(line)
    else this.whole = false
  }

  /**
   * Sees to it that the file is there. One that is gone from its place, with its folder or with its file system, is made
   * anew of what its handle still reads. Throws what the file system says.
   */
  async place(): Promise<void> {
    if (this.file !== null && (await isSameFile(this.file, this.path))) return
    const former = this.file
    const file = await open(this.path, 'w+', privateFileMode)
    try {
      if (former !== null) await this.copy(former, file)
    } catch (error) {
      await file.close()
      throw error
    }
    this.file = file
    await former?.close().catch(() => {})
  }

  /** Writes what waits. Throws what the file system says; then it still waits. */
  async write(): Promise<void> {
    const lines = this.waiting.length
    if (this.file === null || lines === 0) return
    const batch = Buffer.from(this.waiting.join(''))
    await writeAll(this.file, batch, this.writtenBytes)
    this.writtenBytes += batch.length
    this.waitingBytes -= batch.length
    this.waiting.splice(0, lines)
  }

  /** Resolves when all that was written is on the disk. Throws what the file system says. */
  async sync(): Promise<void> {
    await this.file?.datasync()
  }

  /** The file as it would be if everything had been written; for readers in this process. */
  async *content(): AsyncGenerator<string> {
    const waiting = [...this.waiting]
    if (this.file !== null && this.writtenBytes > 0) {
      yield* piecesOf(this.file, undefined, this.writtenBytes)
    }
    yield* waiting
  }

  /** Closes the file; what still waits is given up. */
  async close(): Promise<void> {
    await this.file?.close().catch(() => {})
    this.file = null
    this.waiting = []
    this.waitingBytes = 0
  }

  /** Where the old file cannot be read any more either, its lines are lost, and what follows alone is not the run. */
  private async copy(former: FileHandle, file: FileHandle): Promise<void> {
    const buffer = Buffer.allocUnsafe(copiedAtOnceBytes)
    for (let position = 0; position < this.writtenBytes; ) {
      const wanted = Math.min(buffer.length, this.writtenBytes - position)
      const read = await former.read(buffer, 0, wanted, position).catch(() => null)
      if (read === null || read.bytesRead === 0) {
        this.whole = false
        this.writtenBytes = position
        return
      }
      await writeAll(file, buffer.subarray(0, read.bytesRead), position)
      position += read.bytesRead
    }
  }
}

async function isSameFile(file: FileHandle, path: string): Promise<boolean> {
  const [opened, found] = await Promise.all([file.stat(), stat(path).catch(() => null)])
  return found !== null && found.ino === opened.ino && found.dev === opened.dev
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}
