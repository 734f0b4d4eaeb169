import { Button, CloseButton, Text } from '@mantine/core'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { strategyResults } from '../../../shared/results/strategy-results.js'
import { isActive } from '../../../shared/run/run-stage.js'
import { runHeadline } from '../../../shared/statistics/headline.js'
import { judgeRun } from '../../../shared/validity/judge-run.js'
import { badgeTitles, markUnreliable } from '../../../shared/validity/validity-text.js'
import { useDashboard } from '../../state/dashboard.js'
import type { RunView } from '../../state/run-view.js'
import { useRunHead } from '../../state/use-run-view.js'
import { ValidityMark } from '../validity/validity-mark.js'
import styles from './run-bar.module.css'

/** Where a run has ended that this page saw running: its answer in a line, in the place of the run's bar. */
export function EndBar() {
  const stage = useDashboard(({ control }) => control.stage)
  const view = useDashboard(({ view: present }) => present)
  const [location] = useLocation()
  const [endedRunId, setEndedRunId] = useState<string | null>(null)
  const wasRunning = useRef(false)
  useEffect(() => {
    if (isActive(stage)) {
      wasRunning.current = true
      setEndedRunId(null)
    } else if (wasRunning.current && stage.kind === 'done') {
      wasRunning.current = false
      setEndedRunId(stage.runId)
    }
  }, [stage])
  const isShown =
    endedRunId !== null && view?.run.head.runId === endedRunId && !location.startsWith('/results')
  return isShown ? <Ended view={view} onClose={() => setEndedRunId(null)} /> : null
}

function Ended({ view, onClose }: { view: RunView; onClose(): void }) {
  const head = useRunHead(view)
  const results = useMemo(() => strategyResults(head.measurements, head.configuration), [head])
  const validity = useMemo(() => judgeRun(head, results), [head, results])
  const headline = runHeadline(results)
  const isUnreliable = validity.badge === 'unreliable'
  return (
    <div className={styles.bar} role="status">
      <Text size="sm" fw={600} truncate {...(isUnreliable && { c: 'dimmed' })} className={styles.what ?? ''}>
        {headline === null ? 'The benchmark has ended' : markUnreliable(headline, isUnreliable)}
      </Text>
      <ValidityMark badge={validity.badge} words={badgeTitles[validity.badge]} />
      <Button size="xs" component={Link} href={`/results/${head.runId}`}>
        See the results
      </Button>
      <CloseButton aria-label="Close this line" onClick={onClose} />
    </div>
  )
}
