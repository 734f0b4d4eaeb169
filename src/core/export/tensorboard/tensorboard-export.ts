import { runIdAsName } from '../../../shared/export/export-formats.js'
import { groupStepsOf } from '../../../shared/live/group-steps.js'
import { type Measurement, measurementKey, type Results } from '../../../shared/results/results.js'
import type { DataExport, ExportFile } from '../data-export.js'
import { hasRepeats, inOrderOfTraining, trainingStartedAtMs } from '../measurements.js'
import { TrainingSamples } from '../training-samples.js'
import { aboutText } from './about-text.js'
import { encodeFileVersion, encodeScalars, encodeText } from './event-message.js'
import { epochScalars, sampleScalars, stepScalars } from './scalars.js'
import { tfRecord } from './tf-record.js'

/**
 * An event file for each measurement that trained, in a folder that TensorBoard takes for a run of its own. Steps are
 * counted over all epochs, epochs and samples of the machine from 0; every event has the time at which it was measured.
 */
export const tensorboardExport: DataExport = {
  id: 'tensorboard',
  kind: 'folder',
  async *files({ results, events }): AsyncGenerator<ExportFile> {
    const trained = inOrderOfTraining(results).flatMap((measurement) => {
      const startedAtMs = trainingStartedAtMs(measurement)
      return startedAtMs === null ? [] : [{ measurement, startedAtMs }]
    })
    const samples = new TrainingSamples(
      events(),
      trained.map(({ measurement }) => measurementKey(measurement)),
    )
    try {
      for (const { measurement, startedAtMs } of trained) {
        yield {
          name: `${runFolder(measurement, results)}/${fileName(startedAtMs, results)}`,
          content: inLargePieces(eventsOf(measurement, startedAtMs, results, samples)),
        }
      }
    } finally {
      await samples.close()
    }
  },
}

/** What TensorBoard takes for the name of a run: with the id of Tandem's, many can lie in one folder. */
function runFolder({ id, block }: Measurement, results: Results): string {
  const strategy = `${runIdAsName(results.runId)}/${id}`
  return hasRepeats(results) ? `${strategy}/repeat-${block + 1}` : strategy
}

/** No file system takes more than 255 bytes for a name; a document of others may have any text for a host. */
const longestHost = 64

/** TensorBoard knows its files by `tfevents`, and reads those of a folder in the order of their names. */
function fileName(startedAtMs: number, { machine }: Results): string {
  const host = machine.hostName.replaceAll(/[^\w.-]/g, '_').slice(0, longestHost)
  return `events.out.tfevents.${Math.floor(startedAtMs / 1000)}.${host}`
}

async function* eventsOf(
  measurement: Measurement,
  startedAtMs: number,
  results: Results,
  samples: TrainingSamples,
): AsyncGenerator<Uint8Array | null> {
  yield encodeFileVersion(startedAtMs)
  yield encodeText(startedAtMs, 'about', aboutText(measurement, results))
  const epochEndMs = new Map<number, number>()
  let ordinal = 0
  for (const step of groupStepsOf(measurement)) {
    epochEndMs.set(step.epoch, step.endedAtMs)
    yield encodeScalars(step.endedAtMs, ordinal++, stepScalars(step))
  }
  for (const epoch of measurement.epochs) {
    yield encodeScalars(epochEndMs.get(epoch.epoch) ?? startedAtMs, epoch.epoch, epochScalars(epoch))
  }
  let taken = 0
  for await (const sample of samples.of(measurementKey(measurement))) {
    yield encodeScalars(sample.atMs, taken++, sampleScalars(sample))
  }
}

const pieceBytes = 64 * 1024

/** Records of many events at a time: a write each would cost more than what is written. */
async function* inLargePieces(events: AsyncIterable<Uint8Array | null>): AsyncGenerator<Uint8Array> {
  let records: Buffer[] = []
  let bytes = 0
  for await (const event of events) {
    if (event === null) continue
    const record = tfRecord(event)
    records.push(record)
    bytes += record.length
    if (bytes < pieceBytes) continue
    yield Buffer.concat(records)
    records = []
    bytes = 0
  }
  yield Buffer.concat(records)
}
