import { describeDevices } from '../../../shared/comparison-text.js'
import { deviceName } from '../../../shared/device.js'
import { formatCount, formatList } from '../../../shared/format.js'
import { markdownText } from '../../../shared/markdown.js'
import { type Measurement, type Results, statusWord } from '../../../shared/results.js'
import { answerSentence } from '../../../shared/statistics/answer-text.js'
import { strategyResults } from '../../../shared/strategy-results.js'

/** What a reader of the curves should know of one measurement: how it ended, on what it ran, what its run found. */
export function aboutText(
  measurement: Measurement,
  { runId, configuration, machine, measurements }: Results,
): string {
  const { title, status, block, devices, error, globalBatchSize, backend, backendVersion } = measurement
  const { modelName, stem, dataset, precision } = configuration
  const { answer } =
    strategyResults(measurements, configuration).find(({ id }) => id === measurement.id) ?? {}
  return [
    `${title}, repeat ${block + 1} of run ${runId}: ${statusWord(status)}${error === null ? '' : ` (${error.message})`}`,
    `${modelName} (${stem} stem) on ${dataset}, ${precision}, global batch ${formatCount(globalBatchSize)}`,
    `${describeDevices(measurement)}: ${formatList(devices.map(deviceName))} of ${machine.hostName} (${machine.cpuModel})`,
    `computed by ${backend ?? 'an engine that did not start'} ${backendVersion ?? ''}`,
    ...(answer === undefined || answer === null ? [] : [answerSentence(answer)]),
  ]
    .map((line) => `- ${markdownText(line)}`)
    .join('\n')
}
