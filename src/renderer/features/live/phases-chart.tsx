import { Table } from '@mantine/core'
import { useCallback } from 'react'
import { PhasesChart as DrawnPhases } from '../../../charts/phases-chart.js'
import type { StepParts } from '../../../charts/phases-model.js'
import type { LiveRun } from '../../../shared/live/live-run.js'
import { ChartCard } from '../../charts/chart-card.js'
import { DrawnChart } from '../../charts/drawn-chart.js'
import { useFrames } from '../../charts/use-frames.js'
import type { RunView } from '../../state/run-view.js'
import { stepParts } from './phases.js'
import styles from './phases-chart.module.css'
import { meanScope } from './repeat-scope.js'
import { useRepeatScope } from './use-repeat-scope.js'

/** Time per step split into its phases, a bar a strategy, all to one scale. */
export function PhasesChart({ view, repeat }: { view: RunView; repeat: number | null }) {
  const read = useCallback((run: LiveRun) => stepParts(run, repeat), [repeat])
  const strategies = useFrames(view, read)
  const scope = meanScope(useRepeatScope(view, repeat))
  return (
    <ChartCard
      title="Time per step"
      unit={scope === undefined ? 'ms, mean so far' : `ms, mean of ${scope}`}
      table={<PartsTable strategies={strategies} />}
    >
      {strategies.length === 0 ? (
        <p className={styles.empty}>Appears with the first steps.</p>
      ) : (
        <div className={styles.bars}>
          <DrawnChart draw={(look) => <DrawnPhases strategies={strategies} look={look} />} />
        </div>
      )}
    </ChartCard>
  )
}

function PartsTable({ strategies }: { strategies: readonly StepParts[] }) {
  return (
    <Table verticalSpacing={2} fz="xs" aria-label="Time per step in milliseconds">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Strategy</Table.Th>
          {strategies[0]?.parts.map(({ name, title }) => (
            <Table.Th key={name} className="numeric">
              {title}
            </Table.Th>
          ))}
          <Table.Th className="numeric">Step</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {strategies.map(({ id, title, parts, meanMs }) => (
          <Table.Tr key={id}>
            <Table.Td>{title}</Table.Td>
            {parts.map(({ name, ms }) => (
              <Table.Td key={name} className="numeric">
                {ms.toFixed(1)}
              </Table.Td>
            ))}
            <Table.Td className="numeric">{meanMs.toFixed(1)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
