import { Badge, Group, Title } from '@mantine/core'
import { IconPinFilled } from '@tabler/icons-react'
import type { RunHead } from '../../../shared/live/live-run.js'
import { runTitle } from '../../../shared/run/run-title.js'
import { markUnreliable } from '../../../shared/validity/validity-text.js'
import type { RunEntry } from '../../state/use-run-entry.js'
import styles from './results-screen.module.css'

const statuses: Record<RunHead['status'], { text: string; color: string }> = {
  complete: { text: 'Complete', color: 'teal' },
  incomplete: { text: 'Not finished', color: 'yellow' },
  failed: { text: 'Partly failed', color: 'red' },
  cancelled: { text: 'Stopped', color: 'gray' },
}

/** What a run came to, which run it is, and how it ended. */
export function RunHeading({
  head,
  headline,
  isUnreliable,
  entry,
}: {
  head: RunHead
  /** What it came to; null while nothing was measured. */
  headline: string | null
  isUnreliable: boolean
  entry: RunEntry['entry'] | null
}) {
  const { text, color } = statuses[head.status]
  const isWhollyFailed = head.status === 'failed' && headline === null
  const name = entry?.label.name ?? null
  return (
    <div className={styles.heading}>
      <Group gap="sm">
        <Title order={1} className={styles.name ?? ''} data-unreliable={isUnreliable && headline !== null}>
          {headline === null ? (name ?? runTitle(head)) : markUnreliable(headline, isUnreliable)}
        </Title>
        <Badge color={color} variant="dot" tt="none" size="lg">
          {isWhollyFailed ? 'Failed' : text}
        </Badge>
        {entry?.isBaseline && (
          <Badge variant="light" tt="none" size="lg" leftSection={<IconPinFilled size={12} />}>
            Baseline
          </Badge>
        )}
      </Group>
      <p className={styles.when}>
        {name !== null && headline !== null && `${name}: `}
        {(name !== null || headline !== null) && `${runTitle(head)}, `}
        {new Date(head.startedAtMs).toLocaleString()} on {head.machine.hostName}, run {head.runId}
        {entry?.remark != null && `; ${entry.remark}`}
      </p>
    </div>
  )
}
