import { Badge, Loader, Table } from '@mantine/core'
import { useId } from 'react'
import type { Check, CheckStatus } from '../../../shared/doctor/doctor-report.js'
import { secondsText, statusWords } from '../../../shared/doctor/report-text.js'
import styles from './doctor-screen.module.css'

/** The theme's colour of each status; words say the same, for those who do not see it. */
export const statusColours: Readonly<Record<CheckStatus, string>> = {
  pass: 'teal',
  skipped: 'gray',
  warn: 'yellow',
  fail: 'red',
}

export function StatusBadge({ status }: { status: CheckStatus }) {
  return (
    <Badge variant="dot" color={statusColours[status]} tt="none" className={styles.badge ?? ''}>
      {statusWords[status].word}
    </Badge>
  )
}

/** Where a check is found from elsewhere on the screen. */
export const checkElementId = (id: string): string => `check-${id}`

/** The checks of one thing as they come; the one that is being made stands last. */
export function CheckGroup({
  group,
  checks,
  current,
}: {
  group: string
  checks: readonly Check[]
  /** The title of the check that is being made. */
  current: string | null
}) {
  const titleId = useId()
  return (
    <section className={styles.card} aria-labelledby={titleId}>
      <h2 id={titleId} className={styles.title}>
        {group}
      </h2>
      <Table layout="fixed" verticalSpacing={4} fz="sm" aria-labelledby={titleId}>
        {/* In every group columns are where they are in the others, before and after a check has ended. */}
        <colgroup>
          <col className={styles.status} />
          <col className={styles.check} />
          <col />
          <col className={styles.time} />
        </colgroup>
        <Table.Thead className={styles.unseen ?? ''}>
          <Table.Tr>
            <Table.Th>Result</Table.Th>
            <Table.Th>Check</Table.Th>
            <Table.Th>What was found</Table.Th>
            <Table.Th>Time</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {checks.map((check) => (
            <CheckRow key={check.id} check={check} />
          ))}
          {current !== null && (
            <Table.Tr>
              <Table.Td className={styles.result ?? ''}>
                <Badge
                  variant="transparent"
                  color="gray"
                  tt="none"
                  className={styles.badge ?? ''}
                  leftSection={<Loader size={10} color="gray" aria-hidden="true" />}
                >
                  checking
                </Badge>
              </Table.Td>
              <Table.Th scope="row" className={styles.name ?? ''}>
                {current}
              </Table.Th>
              <Table.Td />
              <Table.Td />
            </Table.Tr>
          )}
        </Table.Tbody>
      </Table>
    </section>
  )
}

function CheckRow({ check: { id, status, title, found, advice, table, ms } }: { check: Check }) {
  return (
    <Table.Tr id={checkElementId(id)} tabIndex={-1}>
      <Table.Td className={styles.result ?? ''}>
        <StatusBadge status={status} />
      </Table.Td>
      <Table.Th scope="row" className={styles.name ?? ''}>
        {title}
      </Table.Th>
      <Table.Td className={styles.found ?? ''}>
        {found}
        {advice !== null && <p className={styles.advice}>{advice}</p>}
        {table !== undefined && (
          <details className={styles.figures}>
            <summary>Figures</summary>
            <FiguresTable of={title} table={table} />
          </details>
        )}
      </Table.Td>
      <Table.Td className={styles.took ?? ''}>{secondsText(ms)}</Table.Td>
    </Table.Tr>
  )
}

function FiguresTable({ of, table: { head, rows } }: { of: string; table: NonNullable<Check['table']> }) {
  return (
    <Table verticalSpacing={2} fz="sm" w="auto" aria-label={of}>
      <Table.Thead>
        <Table.Tr>
          {head.map((name) => (
            <Table.Th key={name} className="numeric">
              {name}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row[0]}>
            {row.map((cell, column) => (
              <Table.Td key={head[column]} className="numeric">
                {cell}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
