import { Alert, Button, SegmentedControl, Switch } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useState } from 'react'
import { type ExportFormatId, exportFormats } from '../../../shared/export/export-formats.js'
import { type Paper, papers, paperTitles } from '../../../shared/report/paper.js'
import { errorSentences } from '../../../shared/text/error-sentences.js'
import { ChartExport } from './chart-export.js'
import styles from './export-screen.module.css'
import { type ExportState, useExport } from './use-export.js'

export interface ExportPanelProps {
  runId: string
  charts: readonly SVGSVGElement[]
  /** Whether machines are numbered, in place of their names, in whatever is saved. */
  withoutNames: boolean
  onWithoutNames(withoutNames: boolean): void
}

/** All that a run can be handed on as. */
export function ExportPanel({ runId, charts, withoutNames, onWithoutNames }: ExportPanelProps) {
  const [paper, setPaper] = useState<Paper>('a4')
  const { state, save } = useExport(runId, withoutNames)
  const entries = Object.entries(exportFormats) as [ExportFormatId, (typeof exportFormats)[ExportFormatId]][]
  const buttons = (kind: 'report' | 'data') =>
    entries
      .filter(([, format]) => format.kind === kind)
      .map(([id, { title, purpose }]) => (
        <div key={id} className={styles.format}>
          <Button
            variant={id === 'pdf' ? 'filled' : 'default'}
            loading={state.kind === 'making' && state.format === id}
            disabled={state.kind === 'making' && state.format !== id}
            onClick={() => void save(id, paper)}
          >
            {title}
          </Button>
          <span>{purpose}</span>
        </div>
      ))
  return (
    <aside className={styles.panel} aria-label="Export">
      <Outcome state={state} />
      <Switch
        label="Leave out names of machines"
        description="They are node 0, node 1 and so on, in everything below."
        checked={withoutNames}
        onChange={({ currentTarget: { checked } }) => onWithoutNames(checked)}
      />
      <section className={styles.group}>
        <h2>Report</h2>
        <SegmentedControl
          aria-label="Paper"
          data={papers.map((value) => ({ value, label: paperTitles[value] }))}
          value={paper}
          onChange={(value) => setPaper(value as Paper)}
        />
        {buttons('report')}
      </section>
      <section className={styles.group}>
        <h2>Data</h2>
        {buttons('data')}
      </section>
      {charts.length > 0 && (
        <section className={styles.group}>
          <h2>One chart</h2>
          <ChartExport runId={runId} charts={charts} />
        </section>
      )}
    </aside>
  )
}

function Outcome({ state }: { state: ExportState }) {
  if (state.kind === 'saved') {
    return (
      <Alert color="teal" p="xs" icon={<IconCheck />} role="status">
        {state.fileName} is saved. {state.notes.join(' ')}
      </Alert>
    )
  }
  if (state.kind !== 'failed') return null
  const { error, instead } = state
  return (
    <Alert color={instead === null ? 'red' : 'yellow'} p="xs" icon={<IconAlertTriangle />} role="alert">
      {instead !== null && `${instead} was saved instead: `}
      {errorSentences(error)}
    </Alert>
  )
}
