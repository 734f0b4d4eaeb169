import { Alert, Button, Group, Loader, Text, Title } from '@mantine/core'
import { Link } from 'wouter'
import { errorSentences } from '../../../shared/text/error-sentences.js'
import type { OpenedView } from '../../state/use-run-view.js'
import styles from './no-run.module.css'

export interface NoRunProps {
  opened: Exclude<OpenedView, { kind: 'run' }>
  title: string
  /** What this screen will show. */
  what: string
}

/** Stands where a run would: says what will be here, or what went wrong, and holds the next action. */
export function NoRun({ opened, title, what }: NoRunProps) {
  if (opened.kind === 'loading') {
    return (
      <div className={styles.place} role="status">
        <Loader aria-hidden="true" />
        <Text c="dimmed">Reading the run</Text>
      </div>
    )
  }
  return (
    <div className={styles.place}>
      <Title order={1}>{title}</Title>
      {opened.kind === 'error' ? (
        <Alert color="red" title="This run cannot be shown" role="alert">
          {errorSentences(opened.error)}
        </Alert>
      ) : (
        <Text c="dimmed" maw={460} ta="center">
          {what}
        </Text>
      )}
      <Group>
        <Button component={Link} href="/">
          Choose a benchmark
        </Button>
        <Button component={Link} href="/history" variant="default">
          Open one from the history
        </Button>
      </Group>
    </div>
  )
}
