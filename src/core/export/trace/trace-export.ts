import { measurementKey, type Results, statusWord } from '../../../shared/results/results.js'
import type { DataExport } from '../data-export.js'
import type { ExportSource } from '../export-source.js'
import { inPieces } from '../in-pieces.js'
import { trainingStartedAtMs } from '../measurements.js'
import { recordingEvents } from './recording-events.js'
import { stepEvents } from './step-events.js'
import { TraceClock, type TraceEvent } from './trace-event.js'
import { measurementTracks, trackNames } from './tracks.js'

/** A time line of the run as a Chrome trace (the JSON object form), an event a line. */
export const traceExport: DataExport = {
  id: 'trace',
  kind: 'file',
  *files(source) {
    yield { name: 'trace.json', content: inPieces(traceTexts(source)) }
  },
}

async function* traceTexts(source: ExportSource): AsyncGenerator<string> {
  const head = JSON.stringify({ displayTimeUnit: 'ms', otherData: aboutRun(source.results) })
  yield `${head.slice(0, -1)},"traceEvents":[`
  let separator = '\n'
  for await (const event of traceEvents(source)) {
    yield `${separator}${JSON.stringify(event)}`
    separator = ',\n'
  }
  yield '\n]}\n'
}

async function* traceEvents({ results, events }: ExportSource): AsyncGenerator<TraceEvent> {
  const clock = new TraceClock(beganAtMs(results))
  const tracks = measurementTracks(results)
  yield* trackNames(results, tracks.values())
  for (const ofMeasurement of tracks.values()) yield* stepEvents(ofMeasurement, clock)
  yield* recordingEvents(events(), tracks, clock)
}

/** The clocks of trainers may differ a little from that of their host. */
function beganAtMs({ startedAt, measurements }: Results): number {
  const starts = measurements.flatMap((measurement) => trainingStartedAtMs(measurement) ?? [])
  return Math.min(Date.parse(startedAt), ...starts)
}

/** What viewers show as information on the trace. */
function aboutRun(results: Results): Record<string, string> {
  const { runId, status, startedAt, machine, measurements } = results
  const unfinished = measurements.filter((one) => one.status !== 'completed')
  return {
    run: runId,
    status,
    traceBeganAt: new Date(beganAtMs(results)).toISOString(),
    startedAt,
    host: machine.hostName,
    tandemVersion: machine.tandemVersion,
    ...Object.fromEntries(
      unfinished.map((one) => [
        measurementKey(one),
        `${statusWord(one.status)}: ${one.skipReason ?? one.error?.message ?? 'not finished'}`,
      ]),
    ),
  }
}
