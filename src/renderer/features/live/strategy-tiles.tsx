import { Badge, Progress, useComputedColorScheme } from '@mantine/core'
import { isEqual } from 'es-toolkit'
import { memo } from 'react'
import { isBase } from '../../../shared/domain/measurement-ids.js'
import { formatRate, formatSeconds, formatSpeedup } from '../../../shared/format.js'
import type { LiveRun } from '../../../shared/live/live-run.js'
import { shownMeasurements } from '../../../shared/live/shown-measurements.js'
import type { MeasurementSummary } from '../../../shared/results.js'
import { strategyResults } from '../../../shared/strategy-results.js'
import { strategyStyle } from '../../../shared/strategy-style.js'
import type { Badge as ValidityBadge } from '../../../shared/validity/finding.js'
import { badgeTitles } from '../../../shared/validity/validity-text.js'
import { LineSample } from '../../charts/chart-legend.js'
import { useFrames } from '../../charts/use-frames.js'
import { badgesOf } from '../../state/head-badges.js'
import type { RunView } from '../../state/run-view.js'
import { ValidityMark } from '../validity/validity-mark.js'
import { type MeasurementState, measurementState } from './measurement-state.js'
import styles from './strategy-tiles.module.css'

interface Tile {
  measurement: MeasurementSummary
  state: MeasurementState
  imagesPerSecond: number | null
  meanEpochSeconds: number | null
  speedup: number | null
  /** How many of them the figures are of. */
  repeats: number
  badge: ValidityBadge | null
  loss: number | null
  /** 0 to 1 of all its steps. */
  done: number
}

/** Each strategy in a box: what it is at, and its figures as they are by now. */
export function StrategyTiles({ view }: { view: RunView }) {
  const tiles = useFrames(view, readTiles)
  return (
    <ul className={styles.tiles} aria-label="Strategies">
      {tiles.map((tile) => (
        <StrategyTile key={tile.measurement.id} tile={tile} />
      ))}
    </ul>
  )
}

const StrategyTile = memo(function StrategyTile({ tile }: { tile: Tile }) {
  const { measurement, state, imagesPerSecond, meanEpochSeconds, speedup, repeats, badge, loss, done } = tile
  const scheme = useComputedColorScheme('light')
  const isTheBase = isBase(measurement)
  return (
    <li className={styles.tile} data-state={state.kind}>
      <div className={styles.head}>
        <LineSample style={strategyStyle(measurement.id, scheme)} />
        <span className={styles.title}>{measurement.title}</span>
        {badge !== null && badge !== 'valid' && <ValidityMark badge={badge} words={badgeTitles[badge]} />}
        <Badge size="sm" variant="dot" color={state.color} tt="none">
          {state.text}
        </Badge>
      </div>
      {state.kind === 'skipped' ? (
        <p className={styles.reason}>{measurement.skipReason}</p>
      ) : (
        <dl className={styles.figures} data-badge={badge}>
          <Figure name="Images/s" value={formatRate(imagesPerSecond)} />
          <Figure name="Epoch" value={formatSeconds(meanEpochSeconds)} />
          <Figure name="Speedup" value={isTheBase ? 'base' : formatSpeedup(speedup)} />
          <Figure name="Loss" value={loss === null ? 'N/A' : loss.toFixed(3)} />
        </dl>
      )}
      {repeats > 1 && (
        <p className={styles.scope}>Of all {repeats} repeats; loss of the latest, as in the charts</p>
      )}
      <Progress
        value={done * 100}
        size={3}
        transitionDuration={0}
        aria-label={`${measurement.title}: steps done`}
      />
    </li>
  )
}, isEqual)

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function readTiles(run: LiveRun): Tile[] {
  const { head } = run
  const results = strategyResults(head.measurements, head.configuration)
  const badges = badgesOf(head)
  return shownMeasurements(run).map(({ measurement, steps, base }) => {
    const result = results.find(({ id }) => id === measurement.id)
    const rate = steps?.meanImagesPerSecond ?? null
    const baseRate = base?.meanImagesPerSecond ?? null
    const soFar = rate !== null && baseRate !== null ? rate / baseRate : null
    const planned = steps?.stepsPerEpoch == null ? null : steps.stepsPerEpoch * head.configuration.epochs
    return {
      measurement,
      state: measurementState(measurement, head),
      // Of all repeats, as far as they have ended.
      imagesPerSecond: result?.imagesPerSecond ?? rate,
      meanEpochSeconds: result?.meanEpochSeconds ?? null,
      speedup: result?.speedup ?? soFar,
      repeats: result?.repeats.filter(({ epochs }) => epochs.length > 0).length ?? 0,
      badge: badges.get(measurement.id) ?? null,
      loss: steps?.latest?.loss ?? null,
      done: planned === null || steps === null ? 0 : Math.min(1, steps.group.length / planned),
    }
  })
}
