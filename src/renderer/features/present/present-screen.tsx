import { Loader } from '@mantine/core'
import { HighContrastProvider } from '../../theme/high-contrast.js'
import { NoRun } from '../shell/no-run.js'
import styles from './present-screen.module.css'
import { Presentation } from './presentation.js'
import { type Presented, usePresentedRun } from './use-presented-run.js'
import { useProjectorScale } from './use-projector.js'

/** One run on a projector, as scenes: few things, large, and always said whether it happens now. */
export function PresentScreen({ runId, otherRunId }: { runId: string | null; otherRunId: string | null }) {
  useProjectorScale()
  const presented = usePresentedRun(runId)
  return (
    <HighContrastProvider>
      <main className={styles.screen}>
        <Content presented={presented} otherRunId={otherRunId} />
      </main>
    </HighContrastProvider>
  )
}

function Content({ presented, otherRunId }: { presented: Presented; otherRunId: string | null }) {
  switch (presented.kind) {
    case 'loading':
      return (
        <div className={styles.loading} role="status">
          <Loader size="xl" aria-label="Reading the recording" />
        </div>
      )
    case 'none':
    case 'error':
      return (
        <NoRun
          opened={presented}
          title="Present"
          what="Here a run is shown on a projector, while it happens or as it was recorded."
        />
      )
    case 'live':
    case 'recording':
      return <Presentation presented={presented} otherRunId={otherRunId} />
  }
}
