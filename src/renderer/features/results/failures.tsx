import { toldFailures } from '../../../shared/figures/told-failure.js'
import type { StrategyResult } from '../../../shared/results/strategy-results.js'
import styles from './results-screen.module.css'

/** What programs said when they failed, whole: tracebacks of scripts. Nothing where none did. */
export function Failures({ results }: { results: readonly StrategyResult[] }) {
  return toldFailures(results).map(({ id, title, message, hint, details }) => (
    <section key={id} className={styles.failure} aria-label={`${title} failed`}>
      <h2 className={styles.failureTitle}>
        {title}: {message}
      </h2>
      <p className={styles.noted}>{hint}</p>
      <pre className={styles.traceback}>{details}</pre>
    </section>
  ))
}
