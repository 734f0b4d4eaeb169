import { Table, Tooltip } from '@mantine/core'
import { isEqual } from 'es-toolkit'
import { memo } from 'react'
import { ChartCard } from '../../charts/chart-card.js'
import { useFrames } from '../../charts/use-frames.js'
import type { RunView } from '../../state/run-view.js'
import { type StepShares, stepShares } from './phases.js'
import styles from './phases-chart.module.css'

/** Time per step split into its phases, a bar a strategy, all to one scale. */
export function PhasesChart({ view }: { view: RunView }) {
  const shares = useFrames(view, stepShares)
  const longestMs = Math.max(1, ...shares.map(({ stepMs }) => stepMs))
  const parts = shares[0]?.parts ?? []
  return (
    <ChartCard
      title="Time per step"
      unit="ms, mean so far"
      legend={
        <ul className={styles.legend}>
          {parts.map(({ name, title }) => (
            <li key={name}>
              <span className={styles.swatch} data-phase={name} />
              {title}
            </li>
          ))}
        </ul>
      }
      table={<SharesTable shares={shares} />}
    >
      {shares.length === 0 ? (
        <p className={styles.empty}>Appears with the first steps.</p>
      ) : (
        <div className={styles.bars} aria-hidden="true">
          {shares.map((share) => (
            <Bar key={share.id} share={share} longestMs={longestMs} />
          ))}
        </div>
      )}
    </ChartCard>
  )
}

interface BarProps {
  share: StepShares
  longestMs: number
}

const Bar = memo(function Bar({ share: { title, stepMs, parts }, longestMs }: BarProps) {
  return (
    <>
      <span className={styles.name}>{title}</span>
      <span className={styles.track}>
        {parts.map(({ name, title: partTitle, ms }) => (
          <Tooltip key={name} label={`${partTitle}: ${ms.toFixed(1)} ms`}>
            <span className={styles.part} data-phase={name} style={{ width: `${(100 * ms) / longestMs}%` }} />
          </Tooltip>
        ))}
      </span>
      <span className={styles.total}>{stepMs.toFixed(stepMs < 100 ? 1 : 0)}</span>
    </>
  )
}, isEqual)

function SharesTable({ shares }: { shares: StepShares[] }) {
  return (
    <Table verticalSpacing={2} fz="xs" aria-label="Time per step in milliseconds">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Strategy</Table.Th>
          {shares[0]?.parts.map(({ name, title }) => (
            <Table.Th key={name} className="numeric">
              {title}
            </Table.Th>
          ))}
          <Table.Th className="numeric">Step</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {shares.map(({ id, title, parts, stepMs }) => (
          <Table.Tr key={id}>
            <Table.Td>{title}</Table.Td>
            {parts.map(({ name, ms }) => (
              <Table.Td key={name} className="numeric">
                {ms.toFixed(1)}
              </Table.Td>
            ))}
            <Table.Td className="numeric">{stepMs.toFixed(1)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
