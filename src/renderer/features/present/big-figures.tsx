import { useComputedColorScheme } from '@mantine/core'
import { isBase } from '../../../shared/domain/measurement-ids.js'
import type { LiveRun } from '../../../shared/live/live-run.js'
import { shownMeasurements } from '../../../shared/live/shown-measurements.js'
import { strategyResults } from '../../../shared/results/strategy-results.js'
import { trainedUnitOf } from '../../../shared/run/trained-unit.js'
import { strategyStyle } from '../../../shared/strategy-style.js'
import { capitalised, formatSpeedup, formatThroughput } from '../../../shared/text/format.js'
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
      {figures.map(({ id, title, state, large, small, reason, remark, isGrey }) => (
        <li key={id} className={styles.figure} style={{ borderColor: strategyStyle(id, scheme).colour }}>
          <p className={styles.name}>{title}</p>
          <p className={styles.state}>{state}</p>
          {reason === null ? (
            <>
              <p className={styles.large} data-grey={isGrey}>
                {large.figure}
                {large.unit !== '' && <span className={styles.unit}> {large.unit}</span>}
              </p>
              <p className={styles.rate}>{small}</p>
              <p className={styles.badge}>{remark}</p>
            </>
          ) : (
            <p className={styles.reason}>{reason}</p>
          )}
        </li>
      ))}
    </ul>
  )
}

/**
 * What stands large is the speedup; images/s where there is none: of the base, and of what comes before it. A speedup
 * stands with how far it can be relied on; before its measurement has ended that is not known.
 */
function readFigures(run: LiveRun) {
  const results = strategyResults(run.head.measurements, run.head.configuration)
  const badges = badgesOf(run.head)
  const trained = trainedUnitOf(run.head.configuration)
  return shownMeasurements(run).map(({ measurement, steps, base }) => {
    const { id, title, skipReason } = measurement
    const result = results.find((one) => one.id === id)
    const rate = result?.imagesPerSecond ?? steps?.meanImagesPerSecond ?? null
    const baseRate = base?.meanImagesPerSecond ?? null
    const soFar = rate !== null && baseRate !== null ? rate / baseRate : null
    // Of repeats that have ended; of those under way it is what they came to so far.
    const hasEnded = measurement.status === 'completed'
    const final = hasEnded ? (result?.speedup ?? null) : null
    const speedup = isBase({ id }) ? null : (final ?? soFar)
    const badge = hasEnded ? (badges.get(id) ?? null) : null
    const images = rate === null ? '' : formatThroughput(rate, trained)
    const [figure = '', unit = ''] = (speedup === null ? images : formatSpeedup(speedup)).split(' ')
    return {
      id,
      title,
      state: stateText(measurement, run),
      large: { figure, unit },
      small: speedup === null ? (isBase({ id }) ? 'The base' : '') : images,
      remark: remarkOn(speedup, final, badge),
      isGrey: badge === 'unreliable',
      reason: skipReason,
    }
  })
}

function remarkOn(
  speedup: number | null,
  final: number | null,
  badge: keyof typeof badgeTitles | null,
): string {
  if (speedup === null) return ''
  if (final === null || badge === null) return 'So far'
  return capitalised(badgeTitles[badge])
}

function stateText(measurement: Parameters<typeof measurementState>[0], { head }: LiveRun): string {
  const { text } = measurementState(measurement, head)
  const { repeats } = head.configuration
  if (repeats === 1) return text
  const plain = text.replace(/^Block \d+, epoch/, 'epoch')
  return `Repeat ${measurement.block + 1} of ${repeats}: ${plain.toLowerCase()}`
}
