import { useEffect, useMemo } from 'react'
import type { ExplainedMeasurement } from '../../../shared/explain/explained-run.js'
import { momentAt, type Slowdown, stageClock } from '../../../shared/explain/stage-clock.js'
import type { StagePicture } from './drawing.js'
import styles from './explain-screen.module.css'
import { formatMilliseconds } from './explain-text.js'
import { LanesChart } from './lanes-chart.js'
import { StageCanvas } from './stage-canvas.js'
import { measuredScene, type StageScene } from './stage-scene.js'
import { PlayControls } from './step-controls.js'
import { useStepKeys } from './step-keys.js'
import { type ShownMoment, StepPlayer } from './step-player.js'
import { Clock, StepLoader, usePlayerKeys } from './step-show.js'
import { useExplainedStep, usePrefersStills } from './use-explained-step.js'

/** Two steps of one measurement on one time axis: one in which ranks waited for a straggler, and one in which none did. */
export function PairShow({
  runId,
  measurement,
  steps: [late, even],
  slowdown,
  onSlowdown,
}: {
  runId: string
  measurement: ExplainedMeasurement
  /** With a straggler, and without one. */
  steps: readonly [number, number]
  slowdown: Slowdown
  onSlowdown(slowdown: Slowdown): void
}) {
  const withOne = useExplainedStep(runId, measurement, late)
  const without = useExplainedStep(runId, measurement, even)
  const scenes = useMemo(() => {
    if (withOne.step === null || without.step === null) return null
    const both = [withOne.step, without.step].map((step) => measuredScene(measurement, step, slowdown))
    return onOneAxis(both as [StageScene, StageScene], slowdown)
  }, [measurement, withOne.step, without.step, slowdown])
  const error = withOne.error ?? without.error
  if (error !== null) return <p role="alert">{error}</p>
  if (scenes === null) return <StepLoader />
  return (
    <Pair
      scenes={scenes}
      pictures={[withOne.pictures, without.pictures]}
      slowdown={slowdown}
      onSlowdown={onSlowdown}
    />
  )
}

/** The same milliseconds are as long in both; the shorter step stands still at its end. */
function onOneAxis(
  scenes: [StageScene, StageScene],
  slowdown: number,
): { scenes: [StageScene, StageScene]; endsMs: [number, number] } {
  const endsMs = scenes.map(({ lanes }) => lanes.durationMs) as [number, number]
  const durationMs = Math.max(...endsMs)
  const stretched = scenes.map((scene) => {
    const lanes = { ...scene.lanes, durationMs }
    return { ...scene, lanes, clock: stageClock(lanes, slowdown) }
  })
  return { scenes: stretched as [StageScene, StageScene], endsMs }
}

/** One player moves both, by the clock that goes on longer. */
function playTogether(
  scenes: readonly [StageScene, StageScene],
  inStills: boolean,
): { player: StepPlayer; views: ShownMoment[] } {
  const clocks = scenes.map(({ clock }) => clock)
  const [first, second] = scenes
  const longer = first.clock.lengthSeconds >= second.clock.lengthSeconds ? first : second
  const player = new StepPlayer(longer.clock, false, inStills)
  const views = clocks.map(
    (clock): ShownMoment => ({
      subscribe: player.subscribe,
      get moment() {
        return momentAt(clock, player.current.seconds)
      },
    }),
  )
  return { player, views }
}

const titles = ['With a straggler', 'Without a straggler'] as const

function Pair({
  scenes: { scenes, endsMs },
  pictures,
  slowdown,
  onSlowdown,
}: {
  scenes: ReturnType<typeof onOneAxis>
  pictures: readonly [StagePicture | null, StagePicture | null]
  slowdown: Slowdown
  onSlowdown(slowdown: Slowdown): void
}) {
  const inStills = usePrefersStills()
  const { player, views } = useMemo(() => playTogether(scenes, inStills), [scenes, inStills])
  useEffect(() => () => player.close(), [player])
  usePlayerKeys(player, useStepKeys())
  const longer = Math.max(...endsMs) - Math.min(...endsMs)
  return (
    <section className={styles.show} aria-label="Two steps">
      <p className={styles.pairCaption}>
        The slowest rank sets the pace: {formatMilliseconds(endsMs[0])} with a straggler,{' '}
        {formatMilliseconds(endsMs[1])} without one, {formatMilliseconds(longer)} apart.
      </p>
      <div className={styles.pair} data-pair>
        {scenes.map((scene, index) => (
          <div key={titles[index]} className={styles.half}>
            <div className={styles.topLine}>
              <h2 className={styles.halfTitle}>{titles[index]}</h2>
              <Clock durationMs={endsMs[index] ?? 0} player={views[index] ?? player} slowdown={slowdown} />
            </div>
            <StageCanvas scene={scene} player={views[index] ?? player} pictures={pictures[index] ?? null} />
            <LanesChart scene={scene} player={views[index] ?? player} />
          </div>
        ))}
      </div>
      <PlayControls player={player} slowdown={slowdown} onSlowdown={onSlowdown} />
    </section>
  )
}
