import { ActionIcon, Select, Slider, Tooltip } from '@mantine/core'
import {
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerSkipBack,
  IconPlayerSkipForward,
} from '@tabler/icons-react'
import { useSyncExternalStore } from 'react'
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

/** A button with a sign, and its words on demand. */
export function Act({
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
