import { Table } from '@mantine/core'
import { isOnAllCores } from '../../../shared/domain/measurement-ids.js'
import { deviceName } from '../../../shared/machine/device.js'
import type { MeasurementSummary } from '../../../shared/results/results.js'
import { formatCount } from '../../../shared/text/format.js'
import styles from './side-card.module.css'
import type { PlanView } from './use-plan.js'

interface PlanCardProps {
  view: PlanView
  /** False for a script whose batch is its own affair. */
  isBatchKnown?: boolean
}

/** What will be measured with these settings, on which devices, and what not and why. */
export function PlanCard({ view, isBatchKnown = true }: PlanCardProps) {
  return (
    <section className={styles.card} aria-labelledby="plan-title">
      <h2 id="plan-title" className={styles.title}>
        This benchmark
      </h2>
      <div aria-live="polite">
        <Plan view={view} isBatchKnown={isBatchKnown} />
      </div>
    </section>
  )
}

const onceRight = 'What this would measure is shown here once the settings are right.'

function Plan({ view, isBatchKnown }: Required<PlanCardProps>) {
  switch (view.kind) {
    case 'none':
      return <p className="faint">Working out what this would measure.</p>
    case 'unknown':
      return <p className="faint">{onceRight}</p>
    case 'problem':
      // What is wrong with a setting stands at its field.
      return <p className="faint">{view.error.setting === undefined ? view.error.hint : onceRight}</p>
    case 'plan': {
      const { measurements, notes } = view.plan
      return (
        <>
          <Table verticalSpacing={3} fz="sm" aria-label="What will be measured">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Strategy</Table.Th>
                <Table.Th>Devices</Table.Th>
                {isBatchKnown && <Table.Th className="numeric">Global batch</Table.Th>}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {measurements.map((measurement) => (
                <PlanRow key={measurement.id} measurement={measurement} isBatchKnown={isBatchKnown} />
              ))}
            </Table.Tbody>
          </Table>
          <ul className={styles.notes}>
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </>
      )
    }
  }
}

function PlanRow({ measurement, isBatchKnown }: { measurement: MeasurementSummary; isBatchKnown: boolean }) {
  const { title, status, skipReason, devices, globalBatchSize } = measurement
  if (status === 'skipped') {
    return (
      <Table.Tr className={styles.skipped}>
        <Table.Td>{title}</Table.Td>
        <Table.Td colSpan={2}>Skipped: {skipReason}</Table.Td>
      </Table.Tr>
    )
  }
  const allCores = `all ${devices[0]?.cores.length ?? ''} cores`
  return (
    <Table.Tr>
      <Table.Td>{title}</Table.Td>
      <Table.Td>{isOnAllCores(measurement) ? allCores : devices.map(deviceName).join(', ')}</Table.Td>
      {isBatchKnown && <Table.Td className="numeric">{formatCount(globalBatchSize)}</Table.Td>}
    </Table.Tr>
  )
}
