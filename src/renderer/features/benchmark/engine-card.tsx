import { useDashboard } from '../../state/dashboard.js'
import { EngineDetails } from '../shell/engine-badge.js'
import styles from './side-card.module.css'

/** What runs compute with, and what can be done about it. */
export function EngineCard() {
  const engine = useDashboard((state) => state.engine)
  return (
    <section className={styles.card} aria-labelledby="engine-title">
      <h2 id="engine-title" className={styles.title}>
        Engine
      </h2>
      <EngineDetails engine={engine} />
    </section>
  )
}
