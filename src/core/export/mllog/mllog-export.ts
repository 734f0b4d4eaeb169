import type { RecordedEvent } from '../../../shared/live/live-event.js'
import { type Measurement, measurementKey, type Results } from '../../../shared/results/results.js'
import type { DataExport } from '../data-export.js'
import type { ExportSource } from '../export-source.js'
import { inPieces } from '../in-pieces.js'
import { inOrderOfTraining } from '../measurements.js'
import { measurementEntries } from './measurement-entries.js'
import { type MllogEntry, mllogLine } from './mllog-line.js'

/** Lines in the format of MLPerf's training logs; a measurement after the other, the namespace says which. */
export const mllogExport: DataExport = {
  id: 'mllog',
  kind: 'file',
  *files(source) {
    yield { name: 'mllog.log', content: inPieces(mllogTexts(source)) }
  },
}

async function* mllogTexts({ results, events }: ExportSource): AsyncGenerator<string> {
  yield mllogLine(runEntry(results))
  const starts = await startTimes(events())
  for (const measurement of inOrderOfTraining(results)) {
    const startedAtMs = starts.get(measurementKey(measurement)) ?? null
    let hasEntries = false
    for (const entry of measurementEntries(measurement, results, startedAtMs)) {
      hasEntries = true
      yield mllogLine(entry)
    }
    if (!hasEntries) yield mllogLine(absenceEntry(measurement, results))
  }
}

/** What the lines below are of, and that they are no submission to MLPerf. */
function runEntry({ runId, status, startedAt, machine }: Results): MllogEntry {
  return {
    namespace: '',
    timeMs: Date.parse(startedAt),
    type: 'POINT_IN_TIME',
    key: 'tandem_run',
    value: runId,
    metadata: {
      ...{ status, host: machine.hostName, cpu: machine.cpuModel, tandem_version: machine.tandemVersion },
      note: 'no MLPerf submission',
    },
  }
}

/** Of what made no step: why. */
function absenceEntry(measurement: Measurement, { startedAt }: Results): MllogEntry {
  const { id, block, status, skipReason, error } = measurement
  return {
    namespace: measurementKey(measurement),
    timeMs: Date.parse(startedAt),
    type: 'POINT_IN_TIME',
    key: 'tandem_not_measured',
    value: skipReason ?? error?.message ?? status,
    metadata: { status, strategy: id, repeat: block + 1 },
  }
}

/** When the trainers of each measurement were started, by its key. */
async function startTimes(events: AsyncIterable<RecordedEvent>): Promise<Map<string, number>> {
  const starts = new Map<string, number>()
  let beganAtMs = 0
  for await (const { atMs, event } of events) {
    if (event.type === 'run-started') beganAtMs = event.startedAtMs
    if (event.type === 'phase' && event.phase === 'starting') starts.set(event.id, beganAtMs + atMs)
  }
  return starts
}
