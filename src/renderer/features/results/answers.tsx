import { useComputedColorScheme } from '@mantine/core'
import { describeEquivalents, speedupLines, whyNotCompared } from '../../../shared/comparison-text.js'
import { formatImagesPerSecond, formatPercent, formatSpeedup } from '../../../shared/format.js'
import type { MeasurementSummary } from '../../../shared/results.js'
import { strategyStyle } from '../../theme/strategy-style.js'
import styles from './answers.module.css'

/** How much faster, in one large figure a strategy, with what it stands on. */
export function Answers({ measurements }: { measurements: readonly MeasurementSummary[] }) {
  const base = measurements.find(({ id }) => id === 'single')
  const others = measurements.filter(({ id }) => id !== 'single')
  return (
    <ul className={styles.answers} aria-label="Answers">
      {base !== undefined && (
        <li className={styles.answer}>
          <Colour id="single" />
          <p className={styles.title}>{base.title}</p>
          <p className={styles.figure}>{formatImagesPerSecond(base.imagesPerSecond)}</p>
          <p className={styles.detail}>
            {base.imagesPerSecond === null ? (base.skipReason ?? base.status) : 'The base of every speedup'}
          </p>
        </li>
      )}
      {others.map((measurement) => (
        <Answer key={measurement.id} measurement={measurement} base={base} />
      ))}
    </ul>
  )
}

function Answer({
  measurement,
  base,
}: {
  measurement: MeasurementSummary
  base: MeasurementSummary | undefined
}) {
  const { id, title, speedup, efficiency } = measurement
  return (
    <li className={styles.answer}>
      <Colour id={id} />
      <p className={styles.title}>{title}</p>
      <p className={styles.figure}>{formatSpeedup(speedup)}</p>
      <p className={styles.detail}>{base === undefined ? 'Without Single there is no base' : detail()}</p>
    </li>
  )

  function detail(): string {
    if (base === undefined || speedup === null)
      return base === undefined ? '' : whyNotCompared(measurement, base)
    const [, ...notes] = speedupLines(measurement, base)
    const share = `${formatPercent(efficiency)} efficiency on ${describeEquivalents(measurement, base)}`
    return [share, 'one repeat, so no interval', ...notes].join('; ')
  }
}

function Colour({ id }: { id: string }) {
  const scheme = useComputedColorScheme('light')
  return (
    <span
      className={styles.colour}
      style={{ background: strategyStyle(id, scheme).colour }}
      aria-hidden="true"
    />
  )
}
