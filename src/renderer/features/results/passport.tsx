import { Table } from '@mantine/core'
import { useId } from 'react'
import { type MachinePassports, machinePassports } from '../../../shared/figures/machine-passports.js'
import { type Fact, machineFacts, settingFacts } from '../../../shared/figures/passport.js'
import type { RunHead } from '../../../shared/live/live-run.js'
import styles from './tables.module.css'

/** The machine, the settings, and what was noted: enough for a reader elsewhere to judge the figures. */
export function Passport({ head }: { head: RunHead }) {
  const { machine, otherMachines = [] } = head
  const passports = otherMachines.length === 0 ? null : machinePassports([machine, ...otherMachines])
  return (
    <>
      {passports !== null && passports.differing.length > 0 && <Differences passports={passports} />}
      <div className={styles.pair}>
        {passports === null ? (
          <Facts title="Machine" facts={machineFacts(machine)} />
        ) : (
          <Facts title="All machines" facts={passports.common} />
        )}
        <Facts title="Settings" facts={settingFacts(head.configuration)} />
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
    </>
  )
}

/** What machines of a run differ in. */
function Differences({ passports }: { passports: MachinePassports }) {
  return (
    <section className={styles.card} aria-labelledby="differences-title">
      <h2 id="differences-title" className={styles.title}>
        What differs between the machines
      </h2>
      <DifferencesTable passports={passports} label="differences-title" />
    </section>
  )
}

/** A column for those that are alike. `label` is the id of its title. */
export function DifferencesTable({
  passports: { groups, differing },
  label,
}: {
  passports: MachinePassports
  label: string
}) {
  return (
    <Table.ScrollContainer minWidth={40 * groups.length}>
      <Table verticalSpacing={3} fz="sm" aria-labelledby={label}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th className={styles.what}>Of the machine</Table.Th>
            {groups.map((group) => (
              <Table.Th key={group}>{group}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {differing.map(({ what, values }) => (
            <Table.Tr key={what}>
              <Table.Th className={styles.what}>{what}</Table.Th>
              {groups.map((group, index) => (
                <Table.Td key={group}>{values[index]}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Facts({ title, facts }: { title: string; facts: readonly Fact[] }) {
  const id = useId()
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
