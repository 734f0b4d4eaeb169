import { ActionIcon, SegmentedControl, Slider, Text, Tooltip } from '@mantine/core'
import { IconPlayerPauseFilled, IconPlayerPlayFilled, IconPlayerTrackNextFilled } from '@tabler/icons-react'
import { useEffect, useEffectEvent, useSyncExternalStore } from 'react'
import { formatDuration } from '../../../shared/text/format.js'
import { hasOwnUse } from '../shell/key-target.js'
import { type ClockPlayer, type Speed, speeds } from './clock-player.js'
import styles from './present-screen.module.css'

/** Play, pause, pace and place of what is shown, and one step on where it has steps. Space plays, a full stop steps. */
export function ClockControls({
  clock,
  place,
  offered = speeds,
  onStep,
}: {
  clock: ClockPlayer
  /** What the slider is, for screen readers. */
  place: string
  offered?: readonly Speed[]
  onStep?: (() => void) | undefined
}) {
  // While it plays the slider follows ten times a second: drawing it with each frame would cost frames.
  useSyncExternalStore(clock.subscribe, () => {
    const { isPlaying, speed, positionMs } = clock.current
    return `${isPlaying} ${speed} ${isPlaying ? Math.floor(positionMs / (100 * speed)) : positionMs}`
  })
  const { isPlaying, speed, positionMs, durationMs } = clock.current
  const sliderStepMs = durationMs > 20_000 ? 100 : 10
  const toggle = (): void => (isPlaying ? clock.pause() : clock.play())
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || hasOwnUse(event.target, event.key)) return
    if (event.key === ' ') toggle()
    else if (event.key === '.' && onStep !== undefined) onStep()
    else return
    event.preventDefault()
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => press(event)
    window.addEventListener('keydown', listener)
    return () => window.removeEventListener('keydown', listener)
  }, [])
  return (
    <div className={styles.controls}>
      <Tooltip label={isPlaying ? 'Pause (Space)' : 'Play (Space)'}>
        <ActionIcon size="xl" onClick={toggle} aria-label={isPlaying ? 'Pause' : 'Play'}>
          {isPlaying ? <IconPlayerPauseFilled /> : <IconPlayerPlayFilled />}
        </ActionIcon>
      </Tooltip>
      {onStep !== undefined && (
        <Tooltip label="One step (full stop)">
          <ActionIcon size="xl" variant="default" onClick={onStep} aria-label="One step">
            <IconPlayerTrackNextFilled />
          </ActionIcon>
        </Tooltip>
      )}
      <SegmentedControl
        size="md"
        aria-label="Pace"
        value={String(speed)}
        onChange={(value) => clock.setSpeed(Number(value) as Speed)}
        data={offered.map((factor) => ({ value: String(factor), label: `${factor}x` }))}
      />
      <Slider
        className={styles.place ?? ''}
        thumbLabel={place}
        value={positionMs}
        // Whole steps: else its last one ends before the end.
        max={Math.max(1, Math.ceil(durationMs / sliderStepMs)) * sliderStepMs}
        step={sliderStepMs}
        label={(ms) => timeText(ms, durationMs)}
        onChange={(ms) => clock.seek(ms)}
      />
      <Text className={styles.time ?? ''}>
        {timeText(positionMs, durationMs)} of {timeText(durationMs, durationMs)}
      </Text>
    </div>
  )
}

/** Tenths of seconds, where what is shown has few of these. */
function timeText(ms: number, durationMs: number): string {
  return durationMs < 60_000 ? `${(ms / 1000).toFixed(1)} s` : formatDuration(ms / 1000)
}
