import { Table } from '@mantine/core'
import { type Fact, machineFacts, settingFacts } from '../../../shared/figures/passport.js'
import type { RunHead } from '../../../shared/live/live-run.js'
import styles from './tables.module.css'

/** The machine, the settings, and what was noted: enough for a reader elsewhere to judge the figures. */
export function Passport({ head }: { head: RunHead }) {
  return (
    <div className={styles.pair}>
      <Facts title="Machine" facts={machineFacts(head.machine)} />
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
  )
}

function Facts({ title, facts }: { title: string; facts: readonly Fact[] }) {
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
