import { useComputedColorScheme } from '@mantine/core'
import { phaseColour } from '../../../charts/palettes.js'
import { leastLossMs, type PhaseName, phaseNames, phases } from '../../../shared/explain/phases.js'
import type { LaneRow } from './lane-rows.js'
import styles from './lanes.module.css'
import { legendHead, legendTimes } from './legend-times.js'

/** What the lanes consist of: each phase that occurs, as it is drawn, and how long each lane was in it. */
export function LanesLegend({
  rows,
  isModel,
  isShared,
}: {
  rows: readonly LaneRow[]
  isModel: boolean
  /** All lanes have the phases of one process. */
  isShared: boolean
}) {
  const scheme = useComputedColorScheme('light')
  const head = legendHead(
    rows.map(({ name }) => name),
    isShared,
  )
  return (
    <ul className={styles.legend} aria-hidden="true">
      {head !== null && <li data-head>{head}:</li>}
      {phaseNames.flatMap((phase) => {
        const times = rows.map((row) => timeIn(row, phase))
        if (times.every((ms) => ms < leastLossMs)) return []
        const { title, short, kind } = phases[phase]
        return (
          <li key={phase} data-kind={kind}>
            <span
              className={styles.legendMark}
              data-kind={isModel ? 'model' : kind}
              data-phase={phase}
              style={{ ['--phase' as string]: phaseColour(phase, scheme) }}
            />
            <span className={styles.legendTitle}>{title}</span>
            <span className={styles.legendShort}>{short}</span>{' '}
            <strong>{legendTimes(times, isShared)}</strong>
          </li>
        )
      })}
    </ul>
  )
}

function timeIn({ lane }: LaneRow, phase: PhaseName): number {
  const spans = lane.spans.filter((span) => span.phase === phase)
  return spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)
}
