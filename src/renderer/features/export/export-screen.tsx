import { Button, Group, Title } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { Link } from 'wouter'
import type { Report } from '../../../shared/report/report.js'
import { type Answered, useAnswer } from '../../state/use-answer.js'
import { NoRun } from '../shell/no-run.js'
import { ExportPanel } from './export-panel.js'
import styles from './export-screen.module.css'
import { ReportPreview } from './report-preview.js'

/** A run as something to hand on: its report as it will look, and everything that it can be saved as. */
export function ExportScreen({ runId }: { runId: string }) {
  const [withoutNames, setWithoutNames] = useState(false)
  const read = useReport(runId, withoutNames)
  const [charts, setCharts] = useState<readonly SVGSVGElement[]>([])
  if (read.kind !== 'answer') {
    return <NoRun opened={read} title="Export" what="Here a run becomes a report to share." />
  }
  return (
    <div className={styles.screen}>
      <Group justify="space-between">
        <Title order={1}>Export</Title>
        <Button
          variant="default"
          leftSection={<IconArrowLeft size={16} />}
          component={Link}
          href={`/results/${runId}`}
        >
          Results
        </Button>
      </Group>
      <div className={styles.columns}>
        <ReportPreview report={read.answer} onCharts={setCharts} />
        <ExportPanel
          runId={runId}
          charts={charts}
          withoutNames={withoutNames}
          onWithoutNames={setWithoutNames}
        />
      </div>
    </div>
  )
}

/** The report, and while it is asked for anew, of the same run, the one from before: nothing moves meanwhile. */
function useReport(runId: string, withoutNames: boolean): Answered<Report> {
  const read = useAnswer('readReport', { runId, withoutNames })
  const before = useRef<{ runId: string; read: Answered<Report> } | null>(null)
  useEffect(() => {
    if (read.kind === 'answer') before.current = { runId, read }
  }, [runId, read])
  return read.kind === 'loading' && before.current?.runId === runId ? before.current.read : read
}
