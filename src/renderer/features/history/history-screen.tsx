import { Alert, Button, Group, Text, TextInput, Title } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { DeleteDialog } from './delete-dialog.js'
import styles from './history-screen.module.css'
import { RunsTable } from './runs-table.js'
import { useRunList } from './use-run-list.js'

/** Every run of this user, from any window or terminal: found, opened, played again, deleted. */
export function HistoryScreen() {
  const [search, setSearch] = useState('')
  const { list, error, showMore } = useRunList(search)
  const [toDelete, setToDelete] = useState<string | null>(null)
  const isEmpty = list !== null && list.total === 0

  return (
    <div className={styles.screen}>
      <Group justify="space-between" align="flex-end">
        <div>
          <Title order={1}>History</Title>
          <Text c="dimmed" role="status">
            {list === null ? 'Reading' : `${list.total} ${list.total === 1 ? 'run' : 'runs'}`}
          </Text>
        </div>
        <TextInput
          w={320}
          aria-label="Search the history"
          placeholder="resnet34 gpu 2026-11"
          leftSection={<IconSearch size={16} />}
          value={search}
          onChange={({ currentTarget: { value } }) => setSearch(value)}
        />
      </Group>
      {error !== null && (
        <Alert color="red" title="The history cannot be read" role="alert">
          {error.message}. {error.hint}
        </Alert>
      )}
      {isEmpty ? (
        <Empty search={search} onClear={() => setSearch('')} />
      ) : (
        list !== null && <RunsTable runs={list.runs} onDelete={setToDelete} />
      )}
      {list !== null && list.runs.length < list.total && (
        <Button variant="default" onClick={showMore} className={styles.more ?? ''}>
          Show more
        </Button>
      )}
      <DeleteDialog runId={toDelete} onClose={() => setToDelete(null)} />
    </div>
  )
}

function Empty({ search, onClear }: { search: string; onClear(): void }) {
  if (search !== '') {
    return (
      <div className={styles.empty}>
        <Text c="dimmed">No run has all of these words: {search}</Text>
        <Button variant="default" onClick={onClear}>
          Show all runs
        </Button>
      </div>
    )
  }
  return (
    <div className={styles.empty}>
      <Text c="dimmed" maw={460} ta="center">
        Every benchmark is kept here, from the dashboard and from the terminal, also one that was cut off.
      </Text>
      <Button component={Link} href="/">
        Run the first one
      </Button>
    </div>
  )
}
