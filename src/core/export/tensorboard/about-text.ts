import { deviceName } from '../../../shared/machine/device.js'
import { type Measurement, type Results, statusWord } from '../../../shared/results/results.js'
import { strategyResults } from '../../../shared/results/strategy-results.js'
import { scriptTitle } from '../../../shared/script/script-text.js'
import { answerSentence } from '../../../shared/statistics/answer-text.js'
import { describeDevices } from '../../../shared/text/comparison-text.js'
import { formatCount, formatList } from '../../../shared/text/format.js'
import { markdownText } from '../../../shared/text/markdown.js'

/** What a reader of the curves should know of one measurement: how it ended, on what it ran, what its run found. */
export function aboutText(
  measurement: Measurement,
  { runId, configuration, machine, measurements }: Results,
): string {
  const { title, status, block, devices, error, globalBatchSize, backend, backendVersion } = measurement
  const { modelName, stem, dataset, precision, script } = configuration
  const { answer } =
    strategyResults(measurements, configuration).find(({ id }) => id === measurement.id) ?? {}
  return [
    `${title}, repeat ${block + 1} of run ${runId}: ${statusWord(status)}${error === null ? '' : ` (${error.message})`}`,
    `${script === undefined ? `${modelName} (${stem} stem) on ${dataset}, ${precision}` : scriptTitle(script)}, global batch ${formatCount(globalBatchSize)}`,
    `${describeDevices(measurement)}: ${formatList(devices.map(deviceName))} of ${machine.hostName} (${machine.cpuModel})`,
    `computed by ${backend ?? 'an engine that did not start'} ${backendVersion ?? ''}`,
    ...(answer === undefined || answer === null ? [] : [answerSentence(answer)]),
  ]
    .map((line) => `- ${markdownText(line)}`)
    .join('\n')
}
