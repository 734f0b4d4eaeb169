import { type RecordedEvent, recordedEventSchema } from '../../shared/live/live-event.js'
import { LiveRun } from '../../shared/live/live-run.js'
import { linesOf } from '../files/lines.js'
import { readPieces } from '../files/read-pieces.js'

/** Longer than any line that Tandem writes; one that is longer still is passed over, and never in memory as a whole. */
export const longestLine = 16 * 1024 * 1024

/**
 * The events of a recording, in order. A line that is not one, as a crash may leave at the end, is passed over.
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
  for await (const line of linesOf(text, longestLine)) {
    if (sampling?.keeps(line) === false) continue
    const recorded = parseLine(line)
    if (recorded !== null) yield recorded
  }
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
