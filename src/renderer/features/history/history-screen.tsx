import { Alert, Button, FileButton, Group, Pagination, Text, TextInput, Title } from '@mantine/core'
import { IconArrowsDiff, IconFileImport, IconFilter, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { RunList } from '../../../shared/contract/commands.js'
import type { HistoryEntry } from '../../../shared/results/history-entry.js'
import { errorSentences } from '../../../shared/text/error-sentences.js'
import { formatQuantity } from '../../../shared/text/format.js'
import { comparePath } from '../compare/compare-path.js'
import { DeletedNotice } from './deleted-notice.js'
import styles from './history-screen.module.css'
import { ImportNotice } from './import-notice.js'
import { LabelDialog } from './label-dialog.js'
import { RunsTable } from './runs-table.js'
import { useArrangement } from './use-arrangement.js'
import { useDeletion } from './use-deletion.js'
import { useFileDrop } from './use-file-drop.js'
import { useImport } from './use-import.js'
import { pageSize, useRunList } from './use-run-list.js'
import { useSelection } from './use-selection.js'

/** Every run of this user, from any window or terminal: found, named, opened, compared, played again, deleted. */
export function HistoryScreen() {
  const arrangement = useArrangement()
  const { search, filters, sort, page } = arrangement
  const { list, error } = useRunList({ search, filters, sort, page })
  const [wantsFilters, setWantsFilters] = useState(false)
  const showsFilters = wantsFilters || Object.keys(filters ?? {}).length > 0
  const [labelled, setLabelled] = useState<HistoryEntry | null>(null)
  const selection = useSelection()
  const deletion = useDeletion(({ runId }) => selection.leaveOut(runId))
  const imports = useImport()
  const hideFilters = (): void => {
    setWantsFilters(false)
    arrangement.clearFilters()
  }
  const drop = useFileDrop(imports.importFiles)

  return (
    <section className={styles.screen} aria-label="History" data-over={drop.isOver} {...drop.handlers}>
      <Group justify="space-between" align="flex-end">
        <div>
          <Title order={1}>History</Title>
          <Text c="dimmed" role="status">
            {list === null ? 'Reading' : countText(list)}
            {selection.runs.length > 0 && `, ${selection.runs.length} selected`}
          </Text>
        </div>
        <Group gap="xs">
          <TextInput
            w={260}
            aria-label="Search the history"
            placeholder="resnet34 gpu 2026-11"
            leftSection={<IconSearch size={16} />}
            value={search}
            onChange={({ currentTarget: { value } }) => arrangement.searchFor(value)}
          />
          <Button
            variant="default"
            leftSection={<IconFilter size={16} />}
            aria-expanded={showsFilters}
            // What is in force stays in sight.
            onClick={() => (showsFilters ? hideFilters() : setWantsFilters(true))}
          >
            Filter
          </Button>
          <FileButton multiple accept="application/json,.json,.tandem" onChange={imports.importFiles}>
            {(props) => (
              <Button
                {...props}
                variant="default"
                loading={imports.isRunning}
                leftSection={<IconFileImport size={16} />}
              >
                Import
              </Button>
            )}
          </FileButton>
          <CompareButton runs={selection.runs} baseline={list?.baseline ?? null} />
        </Group>
      </Group>
      {error !== null && (
        <Alert color="red" title="The history cannot be read" role="alert">
          {errorSentences(error)}
        </Alert>
      )}
      <DeletedNotice deletion={deletion} />
      <ImportNotice imports={imports} />
      {list !== null && (
        <RunsTable
          list={list}
          arrangement={arrangement}
          showsFilters={showsFilters}
          selection={selection}
          onLabel={setLabelled}
          onDelete={(run) => void deletion.remove(run)}
        />
      )}
      {list !== null && list.total === 0 && arrangement.isFiltered && (
        <NoneFound onClear={arrangement.showAll} />
      )}
      {list?.runs.every(({ isExample }) => isExample === true) && !arrangement.isFiltered && <NoneOfOwn />}
      {list !== null && list.total > pageSize && (
        <Pagination
          className={styles.pages ?? ''}
          aria-label="Pages of runs"
          size="sm"
          total={Math.ceil(list.total / pageSize)}
          value={page}
          onChange={arrangement.showPage}
          getControlProps={(control) => ({ 'aria-label': `The ${control} page` })}
          getItemProps={(number) => ({ 'aria-label': `Page ${number}` })}
        />
      )}
      {drop.isOver && (
        <div className={styles.drop} aria-hidden="true">
          Drop bundles (.tandem) or results.json files to import them
        </div>
      )}
      <LabelDialog run={labelled} onClose={() => setLabelled(null)} />
    </section>
  )
}

/** One run alone is held against the baseline. */
function CompareButton({ runs, baseline }: { runs: readonly HistoryEntry[]; baseline: HistoryEntry | null }) {
  const icon = <IconArrowsDiff size={16} />
  const [first] = runs
  const isAgainstBaseline = runs.length === 1 && baseline !== null && first?.runId !== baseline.runId
  if (runs.length < 2 && !isAgainstBaseline) {
    return (
      <Button disabled leftSection={icon} title="Select two runs or more">
        Compare
      </Button>
    )
  }
  return (
    <Button
      leftSection={icon}
      component={Link}
      href={comparePath(isAgainstBaseline ? [...runs, baseline] : runs)}
    >
      {isAgainstBaseline ? 'Compare with the baseline' : `Compare ${runs.length}`}
    </Button>
  )
}

function countText({ total, examples }: RunList): string {
  const own = formatQuantity(total - examples, 'run')
  return examples === 0 ? own : `${own} and the example`
}

function NoneFound({ onClear }: { onClear(): void }) {
  return (
    <div className={styles.empty}>
      <Text c="dimmed">No run has all of these words, and what the filters ask for.</Text>
      <Button variant="default" onClick={onClear}>
        Show all runs
      </Button>
    </div>
  )
}

/** Below the example, where nothing else is there. */
function NoneOfOwn() {
  return (
    <div className={styles.empty}>
      <Text c="dimmed" maw={460} ta="center">
        Every benchmark is kept here, from the dashboard and from the terminal, also one that was cut off. A
        bundle or a results.json of another machine can be dropped here.
      </Text>
      <Button component={Link} href="/">
        Run the first one
      </Button>
    </div>
  )
}
