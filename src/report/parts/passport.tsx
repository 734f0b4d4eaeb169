import { formatBytes, formatCount, formatQuantity } from '../../shared/format.js'
import type { Report } from '../../shared/report/report.js'
import { FactTable } from './data-table.js'

/** The machine and the settings: enough for a reader elsewhere to judge the figures. */
export function Passport({ report }: { report: Report }) {
  return (
    <div className="pair">
      <FactTable caption="Machine" facts={machineFacts(report)} />
      <FactTable caption="Settings" facts={settingFacts(report)} />
    </div>
  )
}

type Fact = readonly [what: string, value: string]

function machineFacts({ head: { machine } }: Report): Fact[] {
  const physical =
    machine.physicalCores === null ? '' : `, ${formatQuantity(machine.physicalCores, 'physical core')}`
  return [
    ['Host', machine.hostName],
    ['System', `${machine.operatingSystem}, ${machine.architecture}`],
    ['Processor', machine.cpuModel],
    ['Cores', `${formatQuantity(machine.logicalCores, 'logical core')}${physical}`],
    ['Memory', formatBytes(machine.memoryBytes)],
    ...(machine.gpus.length === 0
      ? ([['GPUs', 'none']] as const)
      : machine.gpus.map(
          ({ index, model, memoryBytes }): Fact => [`GPU ${index}`, `${model}, ${formatBytes(memoryBytes)}`],
        )),
    ['GPU driver', machine.gpuDriverVersion ?? 'none'],
    ['TensorFlow', machine.tensorflowVersion ?? 'none'],
    ['Tandem', machine.tandemVersion],
    ['Node', machine.nodeVersion],
  ]
}

function settingFacts({ head: { configuration }, results }: Report): Fact[] {
  const { maxStepsPerEpoch, samplesPerEpoch, learningRate, momentum, weightDecay } = configuration
  const collectives = new Set(results.flatMap(({ collective }) => collective ?? []))
  return [
    ['Model', `${configuration.modelName}, ${configuration.stem} stem`],
    ['Data', configuration.dataDir ?? configuration.dataset],
    [
      'Batch',
      `${formatCount(configuration.batchSizeSingle)} Single, ${formatCount(configuration.perGpuBatchSize)} a device`,
    ],
    ['Scaling', configuration.scaling],
    ['Epochs', formatCount(configuration.epochs)],
    ['Images an epoch', samplesPerEpoch === null ? 'all' : formatCount(samplesPerEpoch)],
    ['Steps an epoch', maxStepsPerEpoch === -1 ? 'all' : `at most ${formatCount(maxStepsPerEpoch)}`],
    ['Optimiser', `SGD, learning rate ${learningRate}, momentum ${momentum}, weight decay ${weightDecay}`],
    ['Precision', configuration.precision],
    ['Seed', String(configuration.seed)],
    ['Devices', configuration.devices],
    ['Data workers', formatCount(configuration.numWorkers)],
    ['Exchange', collectives.size === 0 ? 'none' : [...collectives].join('; ')],
  ]
}
