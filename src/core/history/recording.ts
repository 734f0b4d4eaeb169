import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { type RecordedEvent, recordedEventSchema } from '../../shared/live/live-event.js'
import { LiveRun } from '../../shared/live/live-run.js'

/**
 * The events of a recording, in order. A line that is not one, as a crash may leave at the end, is passed over.
 * Throws what the file system says where the file cannot be read.
 */
export async function* readRecording(path: string): AsyncGenerator<RecordedEvent> {
  const input = createReadStream(path, 'utf8')
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      const recorded = parseLine(line)
      if (recorded !== null) yield recorded
    }
  } finally {
    input.destroy()
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

function parseLine(line: string): RecordedEvent | null {
  if (line === '') return null
  try {
    return recordedEventSchema.safeParse(JSON.parse(line)).data ?? null
  } catch {
    return null
  }
}
