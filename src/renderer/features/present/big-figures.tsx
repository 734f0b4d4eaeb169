import { useComputedColorScheme } from '@mantine/core'
import { isBase } from '../../../shared/domain/measurement-ids.js'
import { capitalised, formatImagesPerSecond, formatSpeedup } from '../../../shared/format.js'
import type { LiveRun } from '../../../shared/live/live-run.js'
import { shownMeasurements } from '../../../shared/live/shown-measurements.js'
import { strategyResults } from '../../../shared/strategy-results.js'
import { strategyStyle } from '../../../shared/strategy-style.js'
import { badgeTitles } from '../../../shared/validity/validity-text.js'
import { useFrames } from '../../charts/use-frames.js'
import { badgesOf } from '../../state/head-badges.js'
import type { RunView } from '../../state/run-view.js'
import { measurementState } from '../live/measurement-state.js'
import styles from './present-screen.module.css'

/** Each strategy's throughput and speedup, to be read from the back of a room. */
export function BigFigures({ view }: { view: RunView }) {
  const figures = useFrames(view, readFigures)
  const scheme = useComputedColorScheme('light')
  return (
    <ul className={styles.figures} aria-label="Strategies">
      {figures.map(({ id, title, state, rate, speedup, reason, badge }) => (
        <li key={id} className={styles.figure} style={{ borderColor: strategyStyle(id, scheme).colour }}>
          <p className={styles.name}>{title}</p>
          <p className={styles.state}>{state}</p>
          {reason === null ? (
            <>
              <p className={styles.large} data-badge={badge}>
                {isBase({ id }) ? 'base' : speedup}
              </p>
              <p className={styles.rate}>{rate}</p>
              <p className={styles.badge}>
                {badge === null || badge === 'valid' ? '' : capitalised(badgeTitles[badge])}
              </p>
            </>
          ) : (
            <p className={styles.reason}>{reason}</p>
          )}
        </li>
      ))}
    </ul>
  )
}

function readFigures(run: LiveRun) {
  const results = strategyResults(run.head.measurements, run.head.configuration)
  const badges = badgesOf(run.head)
  return shownMeasurements(run).map(({ measurement, steps, base }) => {
    const { id, title, skipReason } = measurement
    const result = results.find((one) => one.id === id)
    const rate = result?.imagesPerSecond ?? steps?.meanImagesPerSecond ?? null
    const baseRate = base?.meanImagesPerSecond ?? null
    const soFar = rate !== null && baseRate !== null ? rate / baseRate : null
    return {
      id,
      title,
      state: measurementState(measurement, run.head).text,
      rate: formatImagesPerSecond(rate),
      speedup: formatSpeedup(result?.speedup ?? soFar),
      reason: skipReason,
      badge: badges.get(id) ?? null,
    }
  })
}
