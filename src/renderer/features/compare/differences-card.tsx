import { Table } from '@mantine/core'
import { runLetter } from '../../../shared/run-comparison/change-text.js'
import type { RunComparison } from '../../../shared/run-comparison/compare-runs.js'
import { differenceLegend, nothingDiffers } from '../../../shared/run-comparison/comparison-parts.js'
import { notAvailable } from '../../../shared/text/format.js'
import styles from './compare-screen.module.css'

/** What is not the same in all runs, before any figure: whoever reads those should know it. */
export function DifferencesCard({ comparison: { differences, runs } }: { comparison: RunComparison }) {
  return (
    <section className={styles.card} aria-labelledby="differences-title">
      <h2 id="differences-title" className={styles.title}>
        Differences
      </h2>
      {differences.length === 0 ? (
        <p className={styles.detail}>{nothingDiffers}</p>
      ) : (
        <>
          <Table.ScrollContainer minWidth={runs.length * 200}>
            <Table verticalSpacing={4} fz="sm" layout="fixed" aria-labelledby="differences-title">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th w={200}>What</Table.Th>
                  {runs.map(({ runId }, index) => (
                    <Table.Th key={runId}>{runLetter(index)}</Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {differences.map(({ group, what, matters, values }) => (
                  <Table.Tr key={`${group} ${what}`} className={matters ? styles.matters : styles.other}>
                    <Table.Th>{what}</Table.Th>
                    {runs.map(({ runId }, index) => (
                      <Table.Td key={runId} className={styles.value}>
                        {values[index] ?? notAvailable}
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          <p className={styles.detail}>{differenceLegend('in bold')}</p>
        </>
      )}
    </section>
  )
}
