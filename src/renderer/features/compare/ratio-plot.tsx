import { useComputedColorScheme } from '@mantine/core'
import type { RatioEstimate } from '../../../shared/statistics/ratio-estimate.js'
import { equivalenceMargin } from '../../../shared/statistics/verdict.js'
import { strategyStyle } from '../../../shared/strategy-style.js'
import styles from './compare-screen.module.css'
import type { RatioScale } from './ratio-scale.js'

/** A ratio as a dot with its interval, beside the line of no change. What it shows stands in the cells beside it. */
export function RatioPlot({
  id,
  estimate,
  scale,
  isUnreliable,
}: {
  id: string
  estimate: RatioEstimate
  scale: RatioScale
  /** Drawn in grey: one of the two figures is not to be relied on. */
  isUnreliable: boolean
}) {
  const scheme = useComputedColorScheme('light')
  const background = isUnreliable ? 'var(--faint)' : strategyStyle(id, scheme).colour
  const { ratio, low, high } = estimate
  return (
    <div className={styles.plot} aria-hidden="true">
      <span className={styles.same} style={span(scale, 1 - equivalenceMargin, 1 + equivalenceMargin)} />
      <span className={styles.unchanged} />
      {low !== null && high !== null && (
        <span className={styles.whisker} style={{ ...span(scale, low, high), background }} />
      )}
      <span className={styles.dot} style={{ left: `${scale(ratio)}%`, background }} />
    </div>
  )
}

function span(scale: RatioScale, from: number, to: number): { left: string; width: string } {
  return { left: `${scale(from)}%`, width: `${scale(to) - scale(from)}%` }
}
