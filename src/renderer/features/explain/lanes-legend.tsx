import { useComputedColorScheme } from '@mantine/core'
import { phaseColour } from '../../../charts/palettes.js'
import { leastLossMs, type PhaseName, phaseNames, phases } from '../../../shared/explain/phases.js'
import styles from './explain-screen.module.css'
import type { LaneRow } from './lane-rows.js'
import { legendTimes } from './legend-times.js'

/** What the lanes consist of: each phase that occurs, as it is drawn, and how long each lane was in it. */
export function LanesLegend({
  rows,
  isModel,
  isShared,
  isCompact,
}: {
  rows: readonly LaneRow[]
  isModel: boolean
  /** All lanes have the phases of one process. */
  isShared: boolean
  isCompact: boolean
}) {
  const scheme = useComputedColorScheme('light')
  return (
    <ul className={styles.legend} aria-hidden="true">
      {phaseNames.flatMap((phase) => {
        const times = timesOf(rows, phase)
        if (times.length === 0) return []
        const { title, short, kind } = phases[phase]
        return (
          <li key={phase}>
            <span
              className={styles.legendMark}
              data-kind={isModel ? 'model' : kind}
              data-phase={phase}
              style={{ ['--phase' as string]: phaseColour(phase, scheme) }}
            />
            {isCompact ? short : title} <strong>{legendTimes(times, isShared)}</strong>
          </li>
        )
      })}
    </ul>
  )
}

function timesOf(rows: readonly LaneRow[], phase: PhaseName): { name: string; ms: number }[] {
  return rows.flatMap(({ name, lane }) => {
    const spans = lane.spans.filter((span) => span.phase === phase)
    const ms = spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)
    return ms < leastLossMs ? [] : { name, ms }
  })
}
