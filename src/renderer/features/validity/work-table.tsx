import { Table } from '@mantine/core'
import { trainedUnits } from '../../../shared/run/trained-unit.js'
import { capitalised, formatCount, notAvailable } from '../../../shared/text/format.js'
import type { StrategyValidity } from '../../../shared/validity/judge-run.js'
import { badgeTitles } from '../../../shared/validity/validity-text.js'

/** What each strategy was given to do, beside each other: that work was equal is shown, not claimed. */
export function WorkTable({ strategies }: { strategies: readonly StrategyValidity[] }) {
  // Which learning rate, precision and data a script has, it alone knows.
  const isOfScript = strategies.some(({ work }) => work.isOfSteps)
  return (
    <Table.ScrollContainer minWidth={860}>
      <Table verticalSpacing={4} horizontalSpacing={8} fz="sm" aria-label="Work of each strategy">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Work</Table.Th>
            <Table.Th>Validity</Table.Th>
            <Table.Th className="numeric">
              {capitalised(trainedUnits[strategies[0]?.work.unit ?? 'image'].many)} per epoch
            </Table.Th>
            <Table.Th className="numeric">Steps per epoch</Table.Th>
            <Table.Th className="numeric">Epochs</Table.Th>
            <Table.Th className="numeric">Batch per device</Table.Th>
            <Table.Th className="numeric">Global batch</Table.Th>
            {!isOfScript && (
              <>
                <Table.Th className="numeric">Learning rate</Table.Th>
                <Table.Th>Precision</Table.Th>
                <Table.Th>Data</Table.Th>
              </>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {strategies.map(({ id, title, badge, work }) => (
            <Table.Tr key={id}>
              <Table.Td>{title}</Table.Td>
              <Table.Td>{badgeTitles[badge]}</Table.Td>
              <Table.Td className="numeric">{countOrNone(work.images)}</Table.Td>
              <Table.Td className="numeric">{countOrNone(work.steps)}</Table.Td>
              <Table.Td className="numeric">{formatCount(work.epochs)}</Table.Td>
              <Table.Td className="numeric">{countOrNone(work.perDeviceBatchSize)}</Table.Td>
              <Table.Td className="numeric">{countOrNone(work.globalBatchSize)}</Table.Td>
              {!isOfScript && (
                <>
                  <Table.Td className="numeric">{work.learningRate}</Table.Td>
                  <Table.Td>{work.precision}</Table.Td>
                  <Table.Td>{work.dataset}</Table.Td>
                </>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function countOrNone(count: number | null): string {
  return count === null ? notAvailable : formatCount(count)
}
