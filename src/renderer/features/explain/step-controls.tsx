import { ActionIcon, Button, SegmentedControl, Select, Slider, Tooltip } from '@mantine/core'
import {
  IconChevronLeft,
  IconChevronRight,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerSkipBack,
  IconPlayerSkipForward,
} from '@tabler/icons-react'
import { useSyncExternalStore } from 'react'
import type { ExplainedMeasurement } from '../../../shared/explain/explained-run.js'
import { type Slowdown, slowdowns } from '../../../shared/explain/stage-clock.js'
import styles from './explain-screen.module.css'
import { keyName, useStepKeys } from './step-keys.js'
import type { StepPlayer } from './step-player.js'

/** Play, pause, phase by phase, and any moment of the show. */
export function PlayControls({
  player,
  slowdown,
  onSlowdown,
}: {
  player: StepPlayer
  slowdown: Slowdown
  onSlowdown(slowdown: Slowdown): void
}) {
  // While it plays the slider follows ten times a second: drawing it with each frame would cost frames.
  useSyncExternalStore(player.subscribe, () => {
    const { isPlaying, seconds } = player.current
    return `${isPlaying} ${isPlaying ? Math.floor(seconds * 10) : seconds}`
  })
  const { isPlaying, seconds } = player.current
  const { next, previous } = useStepKeys()
  return (
    <div className={styles.controls}>
      <Act label={`Previous phase (${keyName(previous)})`} onClick={() => player.stepPhase(-1)}>
        <IconPlayerSkipBack size={20} />
      </Act>
      <Act
        label={isPlaying ? 'Pause (space)' : 'Play (space)'}
        variant="filled"
        onClick={() => (isPlaying ? player.pause() : player.play())}
      >
        {isPlaying ? <IconPlayerPause size={20} /> : <IconPlayerPlay size={20} />}
      </Act>
      <Act label={`Next phase (${keyName(next)})`} onClick={() => player.stepPhase(1)}>
        <IconPlayerSkipForward size={20} />
      </Act>
      <Slider
        className={styles.place ?? ''}
        thumbLabel="Place in the step"
        value={seconds}
        // Whole steps: else its last one ends before the end.
        max={Math.ceil(player.lengthSeconds * 100) / 100}
        step={0.01}
        label={null}
        onChange={(value) => {
          player.pause()
          player.seek(value)
        }}
      />
      <Select
        aria-label="How much slower than recorded"
        className={styles.slowdown ?? ''}
        allowDeselect={false}
        value={String(slowdown)}
        onChange={(value) => onSlowdown(Number(value) as Slowdown)}
        data={slowdowns.map((factor) => ({ value: String(factor), label: `Slowed ${factor}x` }))}
      />
    </div>
  )
}

/** Which strategy, which repeat of it, and which of its steps. */
export function StepChoice({
  measurements,
  chosen,
  index,
  isPair,
  onMeasurement,
  onStep,
  onPair,
}: {
  measurements: readonly ExplainedMeasurement[]
  chosen: ExplainedMeasurement
  index: number
  onMeasurement(key: string): void
  /** Two steps stand side by side. */
  isPair: boolean
  onStep(index: number): void
  onPair(): void
}) {
  const strategies = [...new Map(measurements.map((one) => [one.id, one])).values()]
  const repeats = measurements.filter(({ id }) => id === chosen.id)
  const { picked } = chosen
  const picks = [
    { label: 'Typical step', index: picked.typical, what: 'the one nearest the median time' },
    { label: 'With a straggler', index: picked.straggler, what: 'the step in which a rank waited longest' },
    {
      label: 'Without a straggler',
      index: picked.even,
      what: 'the step in which all ranks finished most nearly together, to compare with',
    },
  ]
  return (
    <div className={styles.choice}>
      <SegmentedControl
        aria-label="Strategy"
        value={chosen.id}
        onChange={(id) => onMeasurement(measurements.find((one) => one.id === id)?.key ?? chosen.key)}
        data={strategies.map(({ id, title }) => ({ value: id, label: title }))}
      />
      {repeats.length > 1 && (
        <Select
          aria-label="Repeat"
          className={styles.repeat ?? ''}
          allowDeselect={false}
          value={chosen.key}
          onChange={(key) => key !== null && onMeasurement(key)}
          data={repeats.map(({ key, repeat }) => ({
            value: key,
            label: `Repeat ${repeat} of ${repeats.length}`,
          }))}
        />
      )}
      <div className={styles.picks}>
        {picks.map(
          (pick) =>
            pick.index !== null && (
              <Tooltip
                key={pick.label}
                label={`${pick.label}: ${pick.what}`}
                position="bottom"
                openDelay={500}
              >
                <Button
                  size="xs"
                  variant={pick.index === index ? 'light' : 'default'}
                  aria-label={`${pick.label}: ${pick.what}`}
                  aria-pressed={pick.index === index}
                  onClick={() => onStep(pick.index as number)}
                >
                  {pick.label}
                </Button>
              </Tooltip>
            ),
        )}
        {picked.straggler !== null && picked.even !== null && (
          <Button size="xs" variant={isPair ? 'filled' : 'default'} aria-pressed={isPair} onClick={onPair}>
            Side by side
          </Button>
        )}
        <Act label="Previous step" disabled={isPair || index === 0} onClick={() => onStep(index - 1)}>
          <IconChevronLeft size={18} />
        </Act>
        <span className={styles.stepNumber}>
          Step {index + 1} of {chosen.steps}
        </span>
        <Act
          label="Next step"
          disabled={isPair || index >= chosen.steps - 1}
          onClick={() => onStep(index + 1)}
        >
          <IconChevronRight size={18} />
        </Act>
      </div>
    </div>
  )
}

function Act({
  label,
  variant = 'default',
  disabled = false,
  onClick,
  children,
}: {
  label: string
  variant?: 'default' | 'filled'
  disabled?: boolean
  onClick(): void
  children: React.ReactNode
}) {
  return (
    <Tooltip label={label} position="bottom" openDelay={500}>
      <ActionIcon size="lg" variant={variant} aria-label={label} disabled={disabled} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  )
}
