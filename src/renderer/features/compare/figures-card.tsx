import { Table } from '@mantine/core'
import { throughputTitle, trainedUnitOf } from '../../../shared/run/trained-unit.js'
import {
  changeInterval,
  changeRatio,
  changeSentence,
  changeVerdict,
  runLetter,
  sideSpeedup,
} from '../../../shared/run-comparison/change-text.js'
import type { RunComparison, StrategyComparison } from '../../../shared/run-comparison/compare-runs.js'
import type { StrategySide } from '../../../shared/run-comparison/strategy-side.js'
import { formatInterval, formatRate, notAvailable } from '../../../shared/text/format.js'
import { badgeTitles } from '../../../shared/validity/validity-text.js'
import { ValidityMark } from '../validity/validity-mark.js'
import styles from './compare-screen.module.css'
import { RatioPlot } from './ratio-plot.js'
import { type RatioScale, ratioScale } from './ratio-scale.js'

/** What became of each strategy's images/s, with what may be said of it. */
export function FiguresCard({ comparison }: { comparison: RunComparison }) {
  const scale = ratioScale(comparison)
  const rates = throughputTitle(comparison.runs.map(({ configuration }) => trainedUnitOf(configuration)))
  return (
    <section className={styles.card} aria-labelledby="figures-title">
      <h2 id="figures-title" className={styles.title}>
        {rates}
      </h2>
      <Table.ScrollContainer minWidth={880}>
        <Table verticalSpacing={6} fz="sm" aria-labelledby="figures-title">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Strategy</Table.Th>
              <Table.Th>Run</Table.Th>
              <Table.Th className="numeric">{rates}</Table.Th>
              <Table.Th className="numeric">Repeats</Table.Th>
              <Table.Th className="numeric">Ratio to {runLetter(0)}</Table.Th>
              <Table.Th className="numeric">95 % interval</Table.Th>
              <Table.Th className={styles.axis} aria-hidden="true">
                <span>slower</span>
                <span>1x</span>
                <span>faster</span>
              </Table.Th>
              <Table.Th>Verdict</Table.Th>
              <Table.Th className="numeric">Speedup over Single</Table.Th>
            </Table.Tr>
          </Table.Thead>
          {comparison.strategies.map((strategy) => (
            <Rows key={strategy.id} strategy={strategy} scale={scale} />
          ))}
        </Table>
      </Table.ScrollContainer>
      <ul className={styles.findings} aria-label="Findings">
        {comparison.strategies.flatMap(({ id, title, changes }) =>
          changes.map((change, index) => {
            const other = runLetter(index + 1)
            return (
              <li key={`${id} ${other}`}>{changeSentence(title, change, { base: runLetter(0), other })}</li>
            )
          }),
        )}
      </ul>
    </section>
  )
}

/** One strategy: a row a run. */
function Rows({ strategy, scale }: { strategy: StrategyComparison; scale: RatioScale }) {
  const { id, title, sides } = strategy
  return (
    <Table.Tbody className={styles.group ?? ''}>
      {sides.map((side, index) => (
        <Table.Tr key={runLetter(index)} className={side.badge === 'unreliable' ? styles.faint : undefined}>
          {index === 0 && (
            <Table.Th rowSpan={sides.length} scope="rowgroup" className={styles.strategy}>
              {title}
            </Table.Th>
          )}
          <Table.Td>{runLetter(index)}</Table.Td>
          <RateCells side={side} />
          <ChangeCells strategy={strategy} index={index} scale={scale} />
          <Table.Td className={`numeric ${styles.judged}`}>
            {sideSpeedup(id, side)} <Mark side={side} />
          </Table.Td>
        </Table.Tr>
      ))}
    </Table.Tbody>
  )
}

/** How far a side's figures can be relied on; none where it has none. */
function Mark({ side: { badge } }: { side: StrategySide }) {
  return badge === null ? null : <ValidityMark badge={badge} words={badgeTitles[badge]} />
}

function ChangeCells({
  strategy: { id, sides, changes },
  index,
  scale,
}: {
  strategy: StrategyComparison
  index: number
  scale: RatioScale
}) {
  const change = changes[index - 1]
  const isUnreliable = [sides[0], sides[index]].some((side) => side?.badge === 'unreliable')
  if (change === undefined) {
    return (
      <>
        <Table.Td className="numeric">{sides[0]?.absence === null ? 'base' : notAvailable}</Table.Td>
        <Table.Td />
        <Table.Td />
        <Table.Td />
      </>
    )
  }
  return (
    <>
      <Table.Td className="numeric">{changeRatio(change)}</Table.Td>
      <Table.Td className="numeric">{changeInterval(change)}</Table.Td>
      <Table.Td>
        {change.kind === 'compared' && (
          <RatioPlot id={id} estimate={change.estimate} scale={scale} isUnreliable={isUnreliable} />
        )}
      </Table.Td>
      <Table.Td className={styles.verdict}>{changeVerdict(change)}</Table.Td>
    </>
  )
}

/** The rate, and what it rests on; or why there is none. */
function RateCells({ side: { imagesPerSecond, rates, absence } }: { side: StrategySide }) {
  if (absence !== null) {
    return (
      <Table.Td colSpan={2} className={styles.absence}>
        {notAvailable}: {absence}
      </Table.Td>
    )
  }
  const spread = `${formatInterval(Math.min(...rates), Math.max(...rates), formatRate)} in ${rates.length}`
  return (
    <>
      <Table.Td className="numeric">{formatRate(imagesPerSecond)}</Table.Td>
      <Table.Td className={`numeric ${styles.faint}`}>{rates.length > 1 ? spread : 'one'}</Table.Td>
    </>
  )
}
