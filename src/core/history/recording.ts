import { type RecordedEvent, recordedEventSchema, recordingVersion } from '../../shared/live/live-event.js'
import { LiveRun } from '../../shared/live/live-run.js'
import { formatQuantity } from '../../shared/text/format.js'
import { linesOf } from '../files/lines.js'
import { readPieces } from '../files/read-pieces.js'

/** Longer than any line that Tandem writes; one that is longer still is passed over, and never in memory as a whole. */
export const longestLine = 16 * 1024 * 1024

/**
 * The events of a recording, in order. A line that is not one, as a crash may leave at the end, is passed over, and so is
 * what only a newer Tandem knows; a warning at the end then says so.
 * Throws what the file system says where the file cannot be read, and the reason of `signal` once it has fired.
 */
export async function* readRecording(path: string, signal?: AbortSignal): AsyncGenerator<RecordedEvent> {
  yield* parseRecording(readPieces(path, signal))
}

/** As `readRecording`, from its text as it comes; of its lines, those that a sampling keeps. */
export async function* parseRecording(
  text: AsyncIterable<string>,
  sampling: { keeps(line: string): boolean } | null = null,
): AsyncGenerator<RecordedEvent> {
  let unread = 0
  let version = 1
  let atMs = 0
  for await (const line of linesOf(text, longestLine, () => unread++)) {
    if (line === '' || sampling?.keeps(line) === false) continue
    const recorded = parseLine(line)
    if (recorded === null) {
      unread++
      continue
    }
    if (recorded.event.type === 'run-started') version = recorded.event.recordingVersion ?? 1
    atMs = recorded.atMs
    yield recorded
  }
  const gaps = describeGaps(unread, version)
  if (gaps !== null) yield { atMs, event: { type: 'warning', code: 'recording-gaps', text: gaps } }
}

/** What of a recording was not read, in a line; null where all of it was. */
function describeGaps(unread: number, version: number): string | null {
  const newer =
    version > recordingVersion
      ? 'the recording is of a newer Tandem; what this one does not know is left out'
      : null
  const lines =
    unread === 0
      ? null
      : `${formatQuantity(unread, 'line')} of the recording could not be read, so charts may have gaps`
  return [newer, lines].filter((part) => part !== null).join('; ') || null
}

/** What the events have come to; null where they do not begin a run. */
export async function replayEvents(events: AsyncIterable<RecordedEvent>): Promise<LiveRun | null> {
  let run: LiveRun | null = null
  for await (const { event } of events) {
    if (run === null) run = LiveRun.begin(event)
    else run.apply(event)
  }
  return run
}

/** Null for a line that is no event. */
export function parseLine(line: string): RecordedEvent | null {
  if (line === '') return null
  try {
    return recordedEventSchema.safeParse(JSON.parse(line)).data ?? null
  } catch {
    return null
  }
}
