import { Loader } from '@mantine/core'
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import type { Slowdown } from '../../../shared/explain/stage-clock.js'
import type { Waterfall } from '../../../shared/waterfall/waterfall.js'
import { hasOwnUse } from '../shell/key-target.js'
import type { StagePicture } from './drawing.js'
import styles from './explain-screen.module.css'
import { captionAt, formatMilliseconds, laneNotes } from './explain-text.js'
import { FoldChart } from './fold-chart.js'
import { LanesChart } from './lanes-chart.js'
import { StageCanvas } from './stage-canvas.js'
import type { StageScene } from './stage-scene.js'
import { PlayControls } from './step-controls.js'
import { useStepKeys } from './step-keys.js'
import { type ShownMoment, StepPlayer } from './step-player.js'
import { usePrefersStills } from './use-explained-step.js'

/** One step on its stage, with its clock, its caption, its lanes and its controls. */
export function StepShow({
  scene,
  pictures,
  noPictures,
  waterfall,
  answer,
  slowdown,
  onSlowdown,
}: {
  scene: StageScene
  pictures: StagePicture | null
  /** Why there are no pictures; null while there are, or may be. */
  noPictures: string | null
  waterfall: Waterfall | null
  answer: string | null
  slowdown: Slowdown
  onSlowdown(slowdown: Slowdown): void
}) {
  const player = usePlayer(scene, waterfall !== null)
  usePlayerKeys(player, useStepKeys())
  const isFolding = useSyncExternalStore(player.subscribe, () => player.folded > 0)
  const notes = laneNotes(scene)
  if (noPictures !== null) notes.push(`Pictures are not shown: ${noPictures}.`)
  return (
    <section className={styles.show} aria-label="The step">
      <div className={styles.topLine}>
        <Caption scene={scene} player={player} />
        <Clock durationMs={scene.lanes.durationMs} player={player} slowdown={slowdown} />
      </div>
      <div className={styles.theatre}>
        <div className={styles.scene} data-folding={isFolding}>
          <StageCanvas scene={scene} player={player} pictures={pictures} />
          <LanesChart scene={scene} player={player} />
        </div>
        {waterfall !== null && (
          <FoldChart scene={scene} player={player} waterfall={waterfall} answer={answer} />
        )}
      </div>
      <PlayControls player={player} slowdown={slowdown} onSlowdown={onSlowdown} />
      <ul className={styles.notes}>
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </section>
  )
}

/** Stands where a step will be. */
export function StepLoader() {
  return (
    <div className={styles.loading} role="status">
      <Loader aria-label="Reading the step" />
    </div>
  )
}

/** A player a scene; one that was playing goes on with the next. */
function usePlayer(scene: StageScene, folds: boolean): StepPlayer {
  const inStills = usePrefersStills()
  const player = useMemo(() => new StepPlayer(scene.clock, folds, inStills), [scene, folds, inStills])
  const wasPlaying = useRef(false)
  useEffect(() => {
    if (wasPlaying.current) player.play()
    return () => {
      wasPlaying.current = player.current.isPlaying
      player.close()
    }
  }, [player])
  return player
}

/** Space plays; two keys go from phase to phase. */
export function usePlayerKeys(player: StepPlayer, { next, previous }: ReturnType<typeof useStepKeys>): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      if (hasOwnUse(event.target, event.key)) return
      if (event.key === ' ') {
        if (player.current.isPlaying) player.pause()
        else player.play()
      } else if (event.key === next) player.stepPhase(1)
      else if (event.key === previous) player.stepPhase(-1)
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [player, next, previous])
}

/** Read out when it changes, so it changes by phase and not by frame. */
function Caption({ scene, player }: { scene: StageScene; player: StepPlayer }) {
  const [caption, setCaption] = useState(() => captionAt(scene, player.moment)?.text ?? '')
  useEffect(() => {
    const read = (): void => {
      const text = captionAt(scene, player.moment)?.text
      setCaption(text ?? endCaption(scene, player.folded > 0))
    }
    read()
    return player.subscribe(read)
  }, [scene, player])
  return (
    <p className={styles.caption} aria-live="polite">
      {caption}
    </p>
  )
}

function endCaption({ checksum }: StageScene, isFolding: boolean): string {
  if (isFolding) return 'The step has ended. Where did its time go?'
  return checksum === null
    ? 'The step has ended.'
    : `The step has ended. All ranks hold equal weights: checksum ${checksum.slice(0, 8)} after the last epoch.`
}

/** Where the recorded clock stands, and how it goes. */
export function Clock({
  durationMs,
  player,
  slowdown,
}: {
  durationMs: number
  player: ShownMoment
  slowdown: Slowdown
}) {
  const place = useRef<HTMLSpanElement>(null)
  const held = useSyncExternalStore(player.subscribe, () => player.moment.held !== null)
  useEffect(() => {
    const write = (): void => {
      if (place.current !== null)
        place.current.textContent = formatMilliseconds(Math.min(durationMs, player.moment.clockMs))
    }
    write()
    return player.subscribe(write)
  }, [player, durationMs])
  return (
    <p className={styles.clock}>
      <span ref={place} className={styles.clockTime} /> of {formatMilliseconds(durationMs)}
      <span className={styles.clockPace}>
        {held ? 'Slower still: drawn longer than it took' : `Slowed ${slowdown}x`}
      </span>
    </p>
  )
}
