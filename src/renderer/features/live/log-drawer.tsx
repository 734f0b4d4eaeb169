import { Button, CopyButton, Drawer, Group, Select, TextInput } from '@mantine/core'
import { IconCopy, IconSearch } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import type { LiveRun } from '../../../shared/live/live-run.js'
import { useFrames } from '../../charts/use-frames.js'
import type { RunView } from '../../state/run-view.js'
import styles from './log-drawer.module.css'

/** What trainers printed, and what Tandem said beside it: searched and copied. */
export function LogDrawer({ view, opened, onClose }: { view: RunView; opened: boolean; onClose(): void }) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      title="Log"
      position="bottom"
      size="55%"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {opened && <Log view={view} />}
    </Drawer>
  )
}

function Log({ view }: { view: RunView }) {
  const lines = useFrames(view, readLog)
  const [search, setSearch] = useState('')
  const [source, setSource] = useState<string | null>(null)
  const sources = useMemo(() => [...new Set(lines.map((line) => line.source))], [lines])
  const shown = useMemo(() => {
    const wanted = search.toLowerCase()
    return lines.filter(
      (line) => (source === null || line.source === source) && line.text.toLowerCase().includes(wanted),
    )
  }, [lines, search, source])
  const text = shown.map((line) => `${line.source}: ${line.text}`).join('\n')
  return (
    <>
      <Group mb="xs">
        <TextInput
          size="xs"
          w={280}
          aria-label="Search the log"
          placeholder="Search"
          leftSection={<IconSearch size={14} />}
          value={search}
          onChange={({ currentTarget: { value } }) => setSearch(value)}
        />
        <Select
          size="xs"
          aria-label="Whose lines"
          placeholder="Everyone's lines"
          clearable
          data={sources}
          value={source}
          onChange={setSource}
        />
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" leftSection={<IconCopy size={14} />} onClick={copy}>
              {copied ? 'Copied' : `Copy ${shown.length} lines`}
            </Button>
          )}
        </CopyButton>
      </Group>
      <section className={styles.lines} aria-label="Lines of the log">
        {shown.length === 0 ? (
          <p className="faint">
            {lines.length === 0 ? 'Trainers have printed nothing so far; that is usual.' : 'No line matches.'}
          </p>
        ) : (
          <pre className={styles.text}>{text}</pre>
        )}
      </section>
    </>
  )
}

function readLog(run: LiveRun) {
  const said = [...run.head.notes, ...run.head.warnings.map(({ text }) => `Warning: ${text}`)]
  return [...said.map((text) => ({ source: 'Tandem', text })), ...run.log]
}
