import { Badge, Progress, useComputedColorScheme } from '@mantine/core'
import { isEqual } from 'es-toolkit'
import { memo, useCallback } from 'react'
import { isBase } from '../../../shared/domain/measurement-ids.js'
import type { LiveRun, RunHead } from '../../../shared/live/live-run.js'
import { shownMeasurements } from '../../../shared/live/shown-measurements.js'
import type { MeasurementSummary } from '../../../shared/results/results.js'
import { strategyResults } from '../../../shared/results/strategy-results.js'
import { summarise } from '../../../shared/results/summary.js'
import { rateTitle, type TrainedUnit, trainedUnitOf } from '../../../shared/run/trained-unit.js'
import { strategyStyle } from '../../../shared/strategy-style.js'
import { formatRate, formatSeconds, formatSpeedup } from '../../../shared/text/format.js'
import type { Badge as ValidityBadge } from '../../../shared/validity/finding.js'
import { badgeTitles } from '../../../shared/validity/validity-text.js'
import { LineSample } from '../../charts/chart-legend.js'
import { useFrames } from '../../charts/use-frames.js'
import { badgesOf } from '../../state/head-badges.js'
import type { RunView } from '../../state/run-view.js'
import { ValidityMark } from '../validity/validity-mark.js'
import { type MeasurementState, measurementState } from './measurement-state.js'
import { readRepeatScope } from './repeat-scope.js'
import styles from './strategy-tiles.module.css'

interface Tile {
  measurement: MeasurementSummary
  state: MeasurementState
  imagesPerSecond: number | null
  unit: TrainedUnit
  meanEpochSeconds: number | null
  speedup: number | null
  /** Which repeats the figures are of; null where there is one. */
  scope: string | null
  badge: ValidityBadge | null
  loss: number | null
  /** 0 to 1 of all its steps. */
  done: number
}

/**
 * Each strategy in a box: what it is at, and its figures as they are by now.
 *
 * @param repeat the block of the repeat that they are of; null for all of them
 */
export function StrategyTiles({ view, repeat }: { view: RunView; repeat: number | null }) {
  const read = useCallback((run: LiveRun) => readTiles(run, repeat), [repeat])
  const tiles = useFrames(view, read)
  return (
    <ul className={styles.tiles} aria-label="Strategies">
      {tiles.map((tile) => (
        <StrategyTile key={tile.measurement.id} tile={tile} />
      ))}
    </ul>
  )
}

const StrategyTile = memo(function StrategyTile({ tile }: { tile: Tile }) {
  const { measurement, state, imagesPerSecond, unit, meanEpochSeconds, speedup, scope, badge, loss, done } =
    tile
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
          <Figure name={rateTitle(unit)} value={formatRate(imagesPerSecond)} />
          <Figure name="Epoch" value={formatSeconds(meanEpochSeconds)} />
          <Figure name="Speedup" value={isTheBase ? 'base' : formatSpeedup(speedup)} />
          <Figure name="Loss" value={loss === null ? 'N/A' : loss.toFixed(3)} />
        </dl>
      )}
      {scope !== null && <p className={styles.scope}>{scope}</p>}
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

function readTiles(run: LiveRun, repeat: number | null): Tile[] {
  const { head } = run
  const { planned: repeats } = readRepeatScope(run, repeat)
  const figures =
    repeat === null ? strategyResults(head.measurements, head.configuration) : oneRepeat(head, repeat)
  const badges = badgesOf(head)
  return shownMeasurements(run, repeat).map(({ measurement, steps, base }) => {
    const figure = figures.find(({ id }) => id === measurement.id)
    const rate = steps?.meanImagesPerSecond ?? null
    const baseRate = base?.meanImagesPerSecond ?? null
    const soFar = rate !== null && baseRate !== null ? rate / baseRate : null
    const planned = steps?.stepsPerEpoch == null ? null : steps.stepsPerEpoch * head.configuration.epochs
    const ended = head.measurements.filter(({ id, epochs }) => id === measurement.id && epochs.length > 0)
    return {
      measurement,
      state: measurementState(measurement, head),
      // By epochs, as far as they have ended; by steps before that.
      imagesPerSecond: figure?.imagesPerSecond ?? rate,
      unit: trainedUnitOf(head.configuration),
      meanEpochSeconds: figure?.meanEpochSeconds ?? null,
      speedup: figure?.speedup ?? soFar,
      scope: repeats < 2 ? null : scopeText({ repeat, ended: ended.length, repeats }),
      badge: badges.get(measurement.id) ?? null,
      loss: steps?.latest?.loss ?? null,
      done: planned === null || steps === null ? 0 : Math.min(1, steps.group.length / planned),
    }
  })
}

/** Each measurement of a block with its own figures, held against Single's of the same block. */
function oneRepeat({ measurements }: RunHead, repeat: number): MeasurementSummary[] {
  return summarise(measurements.filter(({ block }) => block === repeat))
}

/** Said in every tile from the start, so that nothing moves when a second repeat has ended. */
function scopeText({ repeat, ended, repeats }: { repeat: number | null; ended: number; repeats: number }) {
  if (repeat !== null) return `Repeat ${repeat + 1} of ${repeats}`
  return ended < 2 ? `Repeat 1 of ${repeats}` : `All ${ended} repeats; loss of the latest`
}
