import { useComputedColorScheme } from '@mantine/core'
import { memo, useEffect, useRef } from 'react'
import { phaseColour } from '../../../charts/palettes.js'
import { leastLossMs, type PhaseFacts, phases } from '../../../shared/explain/phases.js'
import type { Span } from '../../../shared/explain/step-lanes.js'
import { formatMilliseconds } from './explain-text.js'
import { type LaneRow, laneRows } from './lane-rows.js'
import styles from './lanes.module.css'
import { LanesLegend } from './lanes-legend.js'
import type { StageScene } from './stage-scene.js'
import type { ShownMoment } from './step-player.js'

/** A lane a device on one time axis, with what it did when, and the playhead. */
export function LanesChart({ scene, player }: { scene: StageScene; player: ShownMoment }) {
  const playhead = useRef<HTMLDivElement>(null)
  const { durationMs } = scene.lanes
  useEffect(() => {
    const move = (): void => {
      const share = durationMs === 0 ? 0 : player.moment.clockMs / durationMs
      if (playhead.current !== null) playhead.current.style.left = `${100 * share}%`
    }
    move()
    return player.subscribe(move)
  }, [player, durationMs])
  const rows = laneRows(scene)
  return (
    <div
      className={styles.lanes}
      data-many={rows.length > 4}
      role="img"
      aria-label={rows.map(laneSentence).join(' ')}
    >
      <ul className={styles.laneNames} aria-hidden="true">
        {rows.map(({ name }) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
      <div className={styles.laneArea} aria-hidden="true">
        <Lanes rows={rows} durationMs={durationMs} isModel={scene.isModel} />
        <div ref={playhead} className={styles.playhead} />
      </div>
      <LanesLegend rows={rows} isModel={scene.isModel} isShared={scene.lanes.isShared} />
    </div>
  )
}

/** Stays as it is while the playhead moves. */
const Lanes = memo(function Lanes({
  rows,
  durationMs,
  isModel,
}: {
  rows: readonly LaneRow[]
  durationMs: number
  isModel: boolean
}) {
  return rows.map(({ name, lane }) => (
    <div key={name} className={styles.lane}>
      {lane.spans.map((span) => (
        <SpanBox key={span.phase} span={span} durationMs={durationMs} isModel={isModel} />
      ))}
    </div>
  ))
})

function SpanBox({ span, durationMs, isModel }: { span: Span; durationMs: number; isModel: boolean }) {
  const scheme = useComputedColorScheme('light')
  const ms = span.toMs - span.fromMs
  const { title, short } = phases[span.phase]
  const text = `${title} ${formatMilliseconds(ms)}`
  const percent = (part: number) => `${durationMs === 0 ? 0 : (100 * part) / durationMs}%`
  return (
    <div
      className={styles.span}
      data-kind={isModel ? 'model' : spanKind(span)}
      data-phase={span.phase}
      title={text}
      style={{
        left: percent(span.fromMs),
        width: percent(ms),
        ['--phase' as string]: phaseColour(spanKind(span) === 'rest' ? 'rest' : span.phase, scheme),
      }}
    >
      {/* Where it would be cut it is shorter, or left out: the same stands in the legend. */}
      <span className={styles.spanText}>{text}</span>
      <span className={styles.spanShortText}>{`${short} ${formatMilliseconds(ms)}`}</span>
      <span className={styles.spanTime}>{formatMilliseconds(ms)}</span>
    </div>
  )
}

/** How a span is drawn: as a loss only where something was lost. */
function spanKind({ phase, fromMs, toMs }: Span): PhaseFacts['kind'] {
  const { kind } = phases[phase]
  return kind === 'waiting' && toMs - fromMs < leastLossMs ? 'rest' : kind
}

/** `Rank 0: forward and backward 116.2 ms, ...`: the lane as a screen reader says it. */
function laneSentence({ name, lane }: LaneRow): string {
  const parts = lane.spans.map(
    ({ phase, fromMs, toMs }) => `${phases[phase].title.toLowerCase()} ${formatMilliseconds(toMs - fromMs)}`,
  )
  return `${name}: ${parts.join(', ')}.`
}
