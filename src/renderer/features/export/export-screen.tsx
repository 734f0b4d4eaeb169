import { Button, Group, Title } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { useAnswer } from '../../state/use-answer.js'
import { NoRun } from '../shell/no-run.js'
import { ExportPanel } from './export-panel.js'
import styles from './export-screen.module.css'
import { ReportPreview } from './report-preview.js'

/** A run as something to hand on: its report as it will look, and everything that it can be saved as. */
export function ExportScreen({ runId }: { runId: string }) {
  const read = useAnswer('readReport', { runId })
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
        <ExportPanel runId={runId} charts={charts} />
      </div>
    </div>
  )
}
