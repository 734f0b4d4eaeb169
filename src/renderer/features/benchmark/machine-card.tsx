import { Badge, Table } from '@mantine/core'
import { Link } from 'wouter'
import type { MachineFacts } from '../../../shared/machine/machine-facts.js'
import { formatBytes, formatCores } from '../../../shared/text/format.js'
import { useDashboard } from '../../state/dashboard.js'
import styles from './side-card.module.css'

/** What there is to compute on. */
export function MachineCard() {
  const facts = useDashboard(({ machine }) => machine)
  return (
    <section className={styles.card} aria-labelledby="machine-title">
      <h2 id="machine-title" className={styles.title}>
        This machine
      </h2>
      {facts === null ? (
        <p className="faint">Looking at processor, memory and GPUs.</p>
      ) : (
        <Facts {...facts} />
      )}
      <p className={styles.note}>
        <Link href="/doctor" className={styles.link}>
          Check what it can do
        </Link>
      </p>
    </section>
  )
}

function Facts({ machine, allowedCores, gpuProblems }: MachineFacts) {
  const withoutGpu = machine.gpus.length + gpuProblems.length === 0
  const rows: [string, React.ReactNode][] = [
    ['Processor', machine.cpuModel],
    ['Cores', `${machine.logicalCores} logical, usable: ${formatCores(allowedCores)}`],
    ['Memory', formatBytes(machine.memoryBytes)],
    ...machine.gpus.map(({ index, model, memoryBytes }): [string, string] => [
      `GPU ${index}`,
      `${model}, ${formatBytes(memoryBytes)}`,
    ]),
    ...(withoutGpu ? ([['GPUs', 'No NVIDIA GPU']] as [string, string][]) : []),
    ...(gpuProblems.length > 0 ? ([['GPU faults', gpuProblems.join('. ')]] as [string, string][]) : []),
    ['System', `${machine.operatingSystem}, ${machine.architecture}`],
  ]
  return (
    <>
      <Table verticalSpacing={3} fz="sm" aria-label="This machine">
        <Table.Tbody>
          {rows.map(([what, value]) => (
            <Table.Tr key={what}>
              <Table.Th className={styles.what}>{what}</Table.Th>
              <Table.Td>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {machine.gpus.length < 2 && (
        <p className={styles.note}>
          <Badge component="span" size="sm" variant="light" tt="none" mr={6}>
            CPU devices
          </Badge>
          Without two GPUs the cores are split into CPU devices, so that DP and DDP can be tried. They share
          one processor; what they show says nothing about GPUs.
        </p>
      )}
    </>
  )
}
