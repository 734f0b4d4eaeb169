import { ActionIcon, Tooltip, useComputedColorScheme } from '@mantine/core'
import { useFullscreenDocument } from '@mantine/hooks'
import {
  IconArrowsMaximize,
  IconArrowsMinimize,
  IconContrast2,
  IconLayoutList,
  IconX,
} from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { assertNever } from '../../../shared/errors.js'
import { runTitle } from '../../../shared/run/run-title.js'
import { useRunHead } from '../../state/use-run-view.js'
import { ExplainScreen } from '../explain/explain-screen.js'
import { StepKeys } from '../explain/step-keys.js'
import { AnswerScene } from './answer-scene.js'
import { Overview } from './overview.js'
import styles from './present-screen.module.css'
import { RaceScene } from './race-scene.js'
import { type SceneName, scenes, shownScenes } from './scenes.js'
import { RecordedTraining, TrainingScene } from './training-scene.js'
import { usePresentKeys } from './use-present-keys.js'
import type { Presented } from './use-presented-run.js'
import { projectorThemes, projectorThemeTitles, useProjectorTheme } from './use-projector.js'
import { useSceneOrder } from './use-scene-order.js'
import { WhyScene } from './why-scene.js'

type Shown = Extract<Presented, { kind: 'live' | 'recording' }>

/** A run with its head, one of its scenes, and the way to the others. */
export function Presentation({ presented, otherRunId }: { presented: Shown; otherRunId: string | null }) {
  const [, navigate] = useLocation()
  const view = presented.kind === 'live' ? presented.view : presented.player.view
  const head = useRunHead(view)
  const { runId, machine, finishedAtMs } = head
  const isLive = presented.kind === 'live'
  const isUnderWay = isLive && finishedAtMs === null
  const [order, setOrder] = useSceneOrder()
  // Steps and answers are there once the run has ended; who opened a race of two wants to see it.
  const shown: SceneName[] = isUnderWay ? ['training'] : shownScenes(order)
  const [chosen, setChosen] = useState<SceneName | null>(otherRunId === null ? null : 'race')
  const scene = chosen !== null && shown.includes(chosen) ? chosen : (shown[0] ?? 'training')
  const [showsOverview, setShowsOverview] = useState(false)
  const isDark = useComputedColorScheme('light') === 'dark'
  const [theme, setTheme] = useProjectorTheme(isDark)
  const { toggle: toggleFullscreen, fullscreen } = useFullscreenDocument()
  const nextTheme = projectorThemes[(projectorThemes.indexOf(theme) + 1) % projectorThemes.length] ?? 'light'
  usePresentKeys(
    {
      turn: (by) => setChosen(shown[shown.indexOf(scene) + by] ?? scene),
      goTo: (number) => setChosen(shown[number - 1] ?? scene),
      showOverview: () => setShowsOverview(true),
      nextTheme: () => setTheme(nextTheme),
      toggleFullscreen: () => void toggleFullscreen(),
      leave: () => navigate('/live'),
    },
    showsOverview,
  )
  return (
    <>
      <header className={styles.head}>
        <span className={styles.run}>{runTitle(head)}</span>
        <span className={styles.label} data-live={isLive}>
          {isLive ? 'Live' : `Recorded on ${machine.hostName}`}
        </span>
        <span className={styles.machine}>
          {machine.cpuModel}
          {machine.gpus.length > 0 && `, ${machine.gpus.length} x ${machine.gpus[0]?.model}`}
        </span>
        <Act label="All scenes (O)" onClick={() => setShowsOverview(true)}>
          <IconLayoutList />
        </Act>
        <Act
          label={`Theme: ${projectorThemeTitles[theme]}. Change to ${projectorThemeTitles[nextTheme]} (T)`}
          onClick={() => setTheme(nextTheme)}
        >
          <IconContrast2 />
        </Act>
        <Act
          label={fullscreen ? 'Leave full screen (F)' : 'Full screen (F)'}
          onClick={() => void toggleFullscreen()}
        >
          {fullscreen ? <IconArrowsMinimize /> : <IconArrowsMaximize />}
        </Act>
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
      <section className={styles.stage} aria-label={scenes[scene].title}>
        <Scene scene={scene} presented={presented} runId={runId} otherRunId={otherRunId} />
      </section>
      <nav className={styles.scenes} aria-label="Scenes">
        {shown.map((name, index) => (
          <button
            key={name}
            type="button"
            className={styles.sceneTab}
            aria-current={name === scene ? 'step' : undefined}
            onClick={() => setChosen(name)}
          >
            {index + 1} {scenes[name].title}
          </button>
        ))}
        {isUnderWay && <span className={styles.basis}>More scenes follow once the run has ended.</span>}
      </nav>
      <Overview
        opened={showsOverview}
        order={order}
        current={scene}
        onGo={(name) => {
          setChosen(name)
          setShowsOverview(false)
        }}
        onOrder={setOrder}
        onClose={() => setShowsOverview(false)}
      />
    </>
  )
}

function Scene({
  scene,
  presented,
  runId,
  otherRunId,
}: {
  scene: SceneName
  presented: Shown
  runId: string
  otherRunId: string | null
}) {
  switch (scene) {
    case 'explain':
      return (
        <StepKeys value={{ next: '.', previous: ',' }}>
          <ExplainScreen runId={runId} />
        </StepKeys>
      )
    case 'race':
      return <RaceScene runId={runId} otherRunId={otherRunId} />
    case 'answer':
      return <AnswerScene runId={runId} />
    case 'why':
      return <WhyScene runId={runId} />
    case 'training':
      return presented.kind === 'live' ? (
        <TrainingScene view={presented.view} />
      ) : (
        <RecordedTraining player={presented.player} />
      )
    default:
      return assertNever(scene, 'scene')
  }
}

function Act({ label, onClick, children }: { label: string; onClick(): void; children: ReactNode }) {
  return (
    <Tooltip label={label}>
      <ActionIcon size="lg" variant="subtle" aria-label={label} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  )
}
