import { ActionIcon, Loader, Tooltip } from '@mantine/core'
import { useFullscreenDocument } from '@mantine/hooks'
import { IconArrowsMaximize, IconArrowsMinimize, IconX } from '@tabler/icons-react'
import { useEffect } from 'react'
import { Link, useLocation } from 'wouter'
import { runTitle } from '../../../shared/run-title.js'
import type { RunView } from '../../state/run-view.js'
import { useRunHead } from '../../state/use-run-view.js'
import { LossChart, ThroughputChart } from '../live/step-charts.js'
import { useToggles } from '../live/use-toggles.js'
import { initialOptions } from '../live/view-options.js'
import { NoRun } from '../shell/no-run.js'
import { BigFigures } from './big-figures.js'
import { PlayerControls } from './player-controls.js'
import styles from './present-screen.module.css'
import { type Presented, usePresentedRun } from './use-presented-run.js'

/** One run on a projector: few things, large, and always said whether it happens now. */
export function PresentScreen({ runId }: { runId: string | null }) {
  const presented = usePresentedRun(runId)
  const [, navigate] = useLocation()
  useEffect(() => {
    const leave = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') navigate('/live')
    }
    // Before anything else takes the key: on this screen it means one thing.
    window.addEventListener('keydown', leave, { capture: true })
    return () => window.removeEventListener('keydown', leave, { capture: true })
  }, [navigate])
  return (
    <main className={styles.screen}>
      <Content presented={presented} />
    </main>
  )
}

function Content({ presented }: { presented: Presented }) {
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
      return <Stage view={presented.view} label="Live" />
    case 'recording':
      return <Recording presented={presented} />
  }
}

function Recording({ presented: { player } }: { presented: Extract<Presented, { kind: 'recording' }> }) {
  useEffect(() => player.play(), [player])
  const { machine } = useRunHead(player.view)
  return (
    <>
      <Stage view={player.view} label={`Recorded on ${machine.hostName}`} />
      <PlayerControls player={player} />
    </>
  )
}

const options = { ...initialOptions }

function Stage({ view, label }: { view: RunView; label: string }) {
  const head = useRunHead(view)
  const { hidden, toggle } = useToggles()
  const { toggle: toggleFullscreen, fullscreen } = useFullscreenDocument()
  const charts = { view, options, hidden, onToggle: toggle, fontPixels: 16 }
  const screenLabel = fullscreen ? 'Leave full screen' : 'Full screen'
  return (
    <>
      <header className={styles.head}>
        <h1 className={styles.title}>{runTitle(head)}</h1>
        <span className={styles.label} data-live={label === 'Live'}>
          {label}
        </span>
        <span className={styles.machine}>
          {head.machine.cpuModel}
          {head.machine.gpus.length > 0 && `, ${head.machine.gpus.length} x ${head.machine.gpus[0]?.model}`}
        </span>
        <Tooltip label={screenLabel}>
          <ActionIcon
            size="lg"
            variant="subtle"
            aria-label={screenLabel}
            onClick={() => void toggleFullscreen()}
          >
            {fullscreen ? <IconArrowsMinimize /> : <IconArrowsMaximize />}
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Leave the presentation (Esc)">
          <ActionIcon
            size="lg"
            variant="subtle"
            aria-label="Leave the presentation"
            component={Link}
            href="/live"
          >
            <IconX />
          </ActionIcon>
        </Tooltip>
      </header>
      <BigFigures view={view} />
      <div className={styles.charts}>
        <LossChart {...charts} />
        <ThroughputChart {...charts} />
      </div>
    </>
  )
}
