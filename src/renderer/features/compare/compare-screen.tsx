import { Button, Group, Title } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { Link } from 'wouter'
import type { RunComparison } from '../../../shared/run-comparison/compare-runs.js'
import { RaceLink } from '../present/race-link.js'
import { NoRun } from '../shell/no-run.js'
import styles from './compare-screen.module.css'
import { DifferencesCard } from './differences-card.js'
import { FiguresCard } from './figures-card.js'
import { RunCards } from './run-cards.js'
import { useComparison } from './use-comparison.js'

/** Two runs or more beside each other: what they differ in first, then what became of images/s. */
export function CompareScreen({ runIds }: { runIds: readonly string[] }) {
  const opened = useComparison(runIds)
  if (opened.kind !== 'answer') {
    return (
      <NoRun
        opened={opened}
        title="Compare"
        what="Here runs stand beside each other: what they differ in, and what became of their throughput. Select two or more in the history."
      />
    )
  }
  return <ComparisonOf comparison={opened.answer} />
}

function ComparisonOf({ comparison }: { comparison: RunComparison }) {
  return (
    <div className={styles.screen}>
      <Group justify="space-between">
        <Title order={1}>Compare</Title>
        <Group gap="xs">
          <RaceLink runIds={comparison.runs.map(({ runId }) => runId)} />
          <Button variant="default" leftSection={<IconHistory size={16} />} component={Link} href="/history">
            Choose others
          </Button>
        </Group>
      </Group>
      <RunCards runs={comparison.runs} />
      <DifferencesCard comparison={comparison} />
      <FiguresCard comparison={comparison} />
    </div>
  )
}
