import { useEffect } from 'react'
import type { RunView } from '../../state/run-view.js'
import { LossChart, ThroughputChart } from '../live/step-charts.js'
import { useToggles } from '../live/use-toggles.js'
import { initialOptions } from '../live/view-options.js'
import { BigFigures } from './big-figures.js'
import { ClockControls } from './clock-controls.js'
import styles from './present-screen.module.css'
import type { RecordingPlayer } from './recording-player.js'
import { useRemPixels } from './use-rem-pixels.js'

const options = { ...initialOptions }

/** The run while it trains, live or as it was recorded: figures, loss and throughput. */
export function TrainingScene({ view }: { view: RunView }) {
  const { hidden, toggle } = useToggles()
  const charts = { view, options, hidden, onToggle: toggle, fontPixels: useRemPixels() }
  return (
    <>
      <h1 className={styles.title}>Training, strategy by strategy</h1>
      <BigFigures view={view} />
      <div className={styles.charts}>
        <LossChart {...charts} />
        <ThroughputChart {...charts} />
      </div>
    </>
  )
}

/** The same, played from a recording. */
export function RecordedTraining({ player }: { player: RecordingPlayer }) {
  useEffect(() => {
    player.clock.play()
    return () => player.clock.pause()
  }, [player])
  return (
    <>
      <TrainingScene view={player.view} />
      <ClockControls clock={player.clock} place="Place in the recording" onStep={() => player.step()} />
    </>
  )
}
