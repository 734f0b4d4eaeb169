import { type Measurement, measurementKey, type Results } from '../../../shared/results/results.js'
import { commandText } from '../../../shared/script/script.js'
import { epochSpans, type TimeSpan } from '../measurements.js'
import type { MllogEntry } from './mllog-line.js'

/** When the trainers of a measurement were started; null where the recording does not say. */
export type StartedAtMs = number | null

/**
 * One measurement, as a run of its own in the sense of MLPerf's training rules. Keys are those of the rules where they
 * have one, others begin with `tandem_`; epochs are counted from 1. What has no end in the results has none here.
 */
export function* measurementEntries(
  measurement: Measurement,
  { configuration }: Results,
  startedAtMs: StartedAtMs,
): Generator<MllogEntry> {
  const spans = [...epochSpans(measurement)]
  const first = spans[0]?.[1]
  const last = spans.at(-1)?.[1]
  if (first === undefined || last === undefined) return
  const { id, block } = measurement
  const about = { strategy: id, repeat: block + 1 }
  const entry = (
    timeMs: number,
    type: MllogEntry['type'],
    key: string,
    value: MllogEntry['value'] = null,
    metadata: MllogEntry['metadata'] = {},
  ): MllogEntry => ({
    ...{ namespace: measurementKey(measurement), timeMs, type, key, value },
    metadata: { ...metadata, ...about },
  })
  if (startedAtMs !== null) yield entry(startedAtMs, 'INTERVAL_START', 'init_start')
  const settings = [...taskSettings(configuration), ...planSettings(measurement)]
  for (const [key, value] of settings) {
    if (value !== null) yield entry(first.startMs, 'POINT_IN_TIME', key, value)
  }
  if (startedAtMs !== null) yield entry(first.startMs, 'INTERVAL_END', 'init_stop')
  yield entry(first.startMs, 'INTERVAL_START', 'run_start')
  for (const [epoch, span] of spans) yield* epochEntries(measurement, epoch, span, entry)
  yield* endEntries(measurement, last.endMs, entry)
}

type Setting = [key: string, value: string | number | null]

/** Of a script nobody knows more than its command. */
function taskSettings(configuration: Results['configuration']): Setting[] {
  if (configuration.script !== undefined) return [['tandem_script', commandText(configuration.script)]]
  return [
    ['seed', configuration.seed],
    ['gradient_accumulation_steps', 1],
    ['train_samples', configuration.samplesPerEpoch],
    ['opt_name', 'sgd'],
    ['sgd_opt_base_learning_rate', configuration.learningRate],
    ['sgd_opt_weight_decay', configuration.weightDecay],
    ['sgd_opt_momentum', configuration.momentum],
    ['tandem_model', `${configuration.modelName}, ${configuration.stem} stem`],
    ['tandem_dataset', configuration.dataset],
    ['tandem_precision', configuration.precision],
  ]
}

function planSettings({ strategy, globalBatchSize, devices, worldSize }: Measurement): Setting[] {
  return [
    ['global_batch_size', globalBatchSize],
    ['tandem_strategy', strategy],
    ['tandem_devices', devices.length],
    ['tandem_ranks', worldSize],
  ]
}

type MakeEntry = (
  timeMs: number,
  type: MllogEntry['type'],
  key: string,
  value?: MllogEntry['value'],
  metadata?: MllogEntry['metadata'],
) => MllogEntry

function* epochEntries(
  { epochs }: Measurement,
  epoch: number,
  { startMs, endMs }: TimeSpan,
  entry: MakeEntry,
): Generator<MllogEntry> {
  const number = { epoch_num: epoch + 1 }
  yield entry(startMs, 'INTERVAL_START', 'epoch_start', null, number)
  const record = epochs.find((one) => one.epoch === epoch)
  if (record === undefined) return
  const { loss, seconds, images, testAccuracy } = record
  if (loss !== undefined) yield entry(endMs, 'POINT_IN_TIME', 'tandem_train_loss', loss, number)
  if (seconds > 0) {
    yield entry(endMs, 'POINT_IN_TIME', 'tracked_stats', { throughput: images / seconds }, number)
  }
  yield entry(endMs, 'INTERVAL_END', 'epoch_stop', null, number)
  if (testAccuracy !== null) yield entry(endMs, 'POINT_IN_TIME', 'eval_accuracy', testAccuracy, number)
}

/** `success` is a measurement that came to its end: there is no quality to be reached. */
function* endEntries({ status, error }: Measurement, endMs: number, entry: MakeEntry): Generator<MllogEntry> {
  if (status === 'running') return
  if (error !== null) yield entry(endMs, 'POINT_IN_TIME', 'tandem_error', error.message)
  const outcome = status === 'completed' ? 'success' : 'aborted'
  yield entry(endMs, 'INTERVAL_END', 'run_stop', null, { status: outcome })
}
