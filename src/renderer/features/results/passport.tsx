import { Table } from '@mantine/core'
import { formatBytes, formatQuantity } from '../../../shared/format.js'
import type { RunHead } from '../../../shared/live/live-run.js'
import styles from './tables.module.css'

/** The machine, the settings, and what was noted: enough for a reader elsewhere to judge the figures. */
export function Passport({ head }: { head: RunHead }) {
  return (
    <div className={styles.pair}>
      <Facts title="Machine" facts={machineFacts(head)} />
      <Facts title="Settings" facts={settingFacts(head)} />
      <section className={styles.card} aria-labelledby="notes-title">
        <h2 id="notes-title" className={styles.title}>
          Notes
        </h2>
        <ul className={styles.notes}>
          {head.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      </section>
    </div>
  )
}

type Fact = [what: string, value: string]

function Facts({ title, facts }: { title: string; facts: Fact[] }) {
  const id = `${title.toLowerCase()}-title`
  return (
    <section className={styles.card} aria-labelledby={id}>
      <h2 id={id} className={styles.title}>
        {title}
      </h2>
      <Table verticalSpacing={3} fz="sm" aria-labelledby={id}>
        <Table.Tbody>
          {facts.map(([what, value]) => (
            <Table.Tr key={what}>
              <Table.Th className={styles.what}>{what}</Table.Th>
              <Table.Td>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  )
}

function machineFacts({ machine }: RunHead): Fact[] {
  const gpus = machine.gpus.map(({ model }) => model)
  return [
    ['Host', machine.hostName],
    ['System', `${machine.operatingSystem}, ${machine.architecture}`],
    ['Processor', machine.cpuModel],
    ['Cores', formatQuantity(machine.logicalCores, 'logical core')],
    ['Memory', formatBytes(machine.memoryBytes)],
    ['GPUs', gpus.length === 0 ? 'none' : gpus.join(', ')],
    ['GPU driver', machine.gpuDriverVersion ?? 'none'],
    ['TensorFlow', machine.tensorflowVersion ?? 'none'],
    ['Tandem, Node', `${machine.tandemVersion}, ${machine.nodeVersion}`],
  ]
}

function settingFacts({ configuration }: RunHead): Fact[] {
  const steps = configuration.maxStepsPerEpoch === -1 ? 'whole epochs' : `${configuration.maxStepsPerEpoch}`
  return [
    ['Model', `${configuration.modelName}, ${configuration.stem} stem`],
    ['Data', configuration.dataDir ?? configuration.dataset],
    ['Batch, Single', String(configuration.batchSizeSingle)],
    ['Batch a device', String(configuration.perGpuBatchSize)],
    ['Epochs', String(configuration.epochs)],
    ['Steps an epoch', steps],
    ['Images an epoch', configuration.samplesPerEpoch?.toLocaleString('en-US') ?? 'all'],
    [
      'Optimiser',
      `SGD, lr ${configuration.learningRate}, momentum ${configuration.momentum}, weight decay ${configuration.weightDecay}`,
    ],
    ['Precision, seed', `${configuration.precision}, ${configuration.seed}`],
    ['Devices, workers', `${configuration.devices}, ${configuration.numWorkers}`],
  ]
}
