import { Badge, Button } from '@mantine/core'
import { Link } from 'wouter'
import { runTitle } from '../../../shared/run/run-title.js'
import { runLetter } from '../../../shared/run-comparison/change-text.js'
import type { ComparedRunHead } from '../../../shared/run-comparison/compare-runs.js'
import { capitalised } from '../../../shared/text/format.js'
import { badgeColours } from '../validity/badge-style.js'
import { pathOf } from './compare-path.js'
import styles from './compare-screen.module.css'

/** Which runs they are; the first is what the others are held against. */
export function RunCards({ runs }: { runs: readonly ComparedRunHead[] }) {
  const ids = runs.map(({ runId }) => runId)
  return (
    <ol className={styles.runs} aria-label="Runs that are compared">
      {runs.map((run, index) => (
        <li key={run.runId} className={styles.run}>
          <div className={styles.head}>
            <span className={styles.letter}>{runLetter(index)}</span>
            <Link href={`/results/${run.runId}`} className={styles.link}>
              {run.name ?? runTitle(run)}
            </Link>
          </div>
          <p className={styles.detail}>
            {run.name !== null && `${runTitle(run)}, `}
            {new Date(run.startedAt).toLocaleString()} on {run.hostName}
          </p>
          <p className={styles.detail}>
            <Badge color={badgeColours[run.validity.badge]} variant="dot" tt="none" size="sm">
              {capitalised(run.validity.headline)}
            </Badge>
          </p>
          {!run.isComplete && <p className={styles.warning}>Not complete: what was measured is compared</p>}
          {index === 0 ? (
            <p className={styles.detail}>The base of every ratio</p>
          ) : (
            <Button
              size="compact-xs"
              variant="default"
              component={Link}
              href={pathOf([run.runId, ...ids.filter((id) => id !== run.runId)])}
            >
              Make {runLetter(index)} the base
            </Button>
          )}
        </li>
      ))}
    </ol>
  )
}
