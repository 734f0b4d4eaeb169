import { ActionIcon, SegmentedControl, Slider, Text, Tooltip } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconPlayerPauseFilled, IconPlayerPlayFilled, IconPlayerTrackNextFilled } from '@tabler/icons-react'
import { useSyncExternalStore } from 'react'
import { formatDuration } from '../../../shared/format.js'
import styles from './present-screen.module.css'
import { type RecordingPlayer, type Speed, speeds } from './recording-player.js'

/** Play, pause, step, pace and place of a recording. Space plays and pauses, the right arrow steps. */
export function PlayerControls({ player }: { player: RecordingPlayer }) {
  const state = useSyncExternalStore(player.subscribe, () => player.current)
  const toggle = (): void => (state.isPlaying ? player.pause() : player.play())
  useHotkeys([
    ['space', toggle],
    ['ArrowRight', () => player.step()],
  ])
  return (
    <div className={styles.controls}>
      <Tooltip label={state.isPlaying ? 'Pause (Space)' : 'Play (Space)'}>
        <ActionIcon size="xl" onClick={toggle} aria-label={state.isPlaying ? 'Pause' : 'Play'}>
          {state.isPlaying ? <IconPlayerPauseFilled /> : <IconPlayerPlayFilled />}
        </ActionIcon>
      </Tooltip>
      <Tooltip label="One step (right arrow)">
        <ActionIcon size="xl" variant="default" onClick={() => player.step()} aria-label="One step">
          <IconPlayerTrackNextFilled />
        </ActionIcon>
      </Tooltip>
      <SegmentedControl
        size="md"
        aria-label="Pace"
        value={String(state.speed)}
        onChange={(value) => player.setSpeed(Number(value) as Speed)}
        data={speeds.map((speed) => ({ value: String(speed), label: `${speed}x` }))}
      />
      <Slider
        className={styles.place ?? ''}
        thumbLabel="Place in the recording"
        value={state.positionMs}
        max={Math.max(1, state.durationMs)}
        step={100}
        label={(ms) => formatDuration(ms / 1000)}
        onChange={(ms) => player.seek(ms)}
      />
      <Text className={styles.time ?? ''}>
        {formatDuration(state.positionMs / 1000)} of {formatDuration(state.durationMs / 1000)}
      </Text>
    </div>
  )
}
