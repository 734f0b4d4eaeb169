import { open, stat } from 'node:fs/promises'
import type { RecordingPart } from '../../shared/contract/commands.js'
import type { RecordedEvent } from '../../shared/live/live-event.js'
import { formatBytes, formatQuantity } from '../../shared/text/format.js'
import { readPieces } from '../files/read-pieces.js'
import { withoutWaiting } from '../files/read-text-file.js'
import { longestLine, parseLine, parseRecording } from './recording.js'

export interface SamplingLimits {
  /** Of a longer recording about so much is read of steps, samples and log lines, evenly over the run. */
  wholeBytes: number
  /** Of the lines that are kept, whatever is in them; of a recording of Tandem's own that is all. */
  mostKept: number
  /** Of a recording's text, in one answer to a page. */
  partBytes: number
}

/** Parsing so much takes a core for a second or two. */
export const samplingLimits: SamplingLimits = {
  wholeBytes: 48 * 2 ** 20,
  mostKept: 192 * 2 ** 20,
  partBytes: 4 * 2 ** 20,
}

/**
 * The events of a recording, in order, thinned where it is very long: all that is rare, and of steps, samples and log lines
 * every nth. A note says so, right after the beginning. Throws as `readRecording`.
 */
export async function* readSampledRecording(
  path: string,
  signal?: AbortSignal,
  limits = samplingLimits,
): AsyncGenerator<RecordedEvent> {
  const { size } = await stat(path)
  const sampling = new Sampling(size, limits)
  const events = parseRecording(readPieces(path, signal), sampling)
  let atMs = 0
  for await (const recorded of events) {
    atMs = recorded.atMs
    yield* withNote(recorded, sampling)
  }
  if (sampling.beyond === 0) return
  const text = `${formatQuantity(sampling.beyond, 'line')} of the recording are beyond what a run records, and were left out`
  yield { atMs, event: { type: 'warning', code: 'recording-gaps', text } }
}

/**
 * The events from the byte numbered `from`, some at a time, thinned as by `readSampledRecording`. Where a part begins in
 * the middle of a line, that line is passed over. Throws what the file system says.
 */
export async function readRecordingPart(
  path: string,
  from: number,
  signal?: AbortSignal,
  limits = samplingLimits,
): Promise<RecordingPart> {
  const file = await open(path, withoutWaiting)
  try {
    const { size } = await file.stat()
    const sampling = new Sampling(size, limits)
    const wanted = Math.min(limits.partBytes * sampling.oneIn, longestLine)
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(wanted, size - from)))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, from)
    signal?.throwIfAborted()
    const isLast = from + bytesRead >= size
    const lineEnd = buffer.lastIndexOf(0x0a, bytesRead - 1) + 1
    // Without an end of a line in so much text there is no event in it.
    const end = isLast || lineEnd === 0 ? bytesRead : lineEnd
    const lines = buffer.toString('utf8', 0, end).split('\n')
    const events = lines
      .filter((line) => sampling.keeps(line))
      .flatMap((line) => parseLine(line) ?? [])
      .flatMap((recorded) => [...withNote(recorded, sampling)])
    return { events, next: isLast ? null : from + end }
  } finally {
    await file.close()
  }
}

/** Which lines of a recording of so many bytes are read. */
export class Sampling {
  readonly oneIn: number
  /** Lines that were left out since all that were kept before are too much already. */
  beyond = 0
  private kept = 0
  private readonly mostKept: number
  private readonly seen = new Map<string, number>()

  constructor(
    readonly bytes: number,
    { wholeBytes, mostKept }: SamplingLimits,
  ) {
    this.mostKept = mostKept
    this.oneIn = Math.max(1, Math.ceil(bytes / wholeBytes))
  }

  keeps(line: string): boolean {
    if (!this.isSampled(line)) return false
    this.kept += line.length
    if (this.kept <= this.mostKept) return true
    this.beyond++
    return false
  }

  /** Looks at the beginning of a line alone; one that Tandem did not write is kept. */
  private isSampled(line: string): boolean {
    if (this.oneIn === 1) return true
    const frequent = frequentLine.exec(line)
    if (frequent === null) return true
    const kind = frequent[1] as string
    const before = this.seen.get(kind) ?? 0
    this.seen.set(kind, before + 1)
    return before % this.oneIn === 0
  }
}

const frequentLine = /^\{"atMs":[\d.e+]+,"event":\{"type":("steps","id":"[^"]{0,80}"|"telemetry"|"log")/

function* withNote(recorded: RecordedEvent, { bytes, oneIn }: Sampling): Generator<RecordedEvent> {
  yield recorded
  if (oneIn === 1 || recorded.event.type !== 'run-started') return
  const text = `The recording has ${formatBytes(bytes)}: charts are drawn from one in ${oneIn} of its steps and samples. Figures are those of all steps.`
  yield { atMs: recorded.atMs, event: { type: 'note', text, samplesPerEpoch: null } }
}
