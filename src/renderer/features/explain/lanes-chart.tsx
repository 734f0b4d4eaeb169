import { useComputedColorScheme } from '@mantine/core'
import { memo, useEffect, useRef } from 'react'
import { phaseColour } from '../../../charts/palettes.js'
import { phases } from '../../../shared/explain/phases.js'
import type { Lane, Span } from '../../../shared/explain/step-lanes.js'
import styles from './explain-screen.module.css'
import { formatMilliseconds } from './explain-text.js'
import { groupDevices } from './stage-layout.js'
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
    <div className={styles.lanes} role="img" aria-label={rows.map(laneSentence).join(' ')}>
      <ul className={styles.laneNames} aria-hidden="true">
        {rows.map(({ name }) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
      <div className={styles.laneArea} aria-hidden="true">
        <Lanes rows={rows} durationMs={durationMs} isModel={scene.isModel} />
        <div ref={playhead} className={styles.playhead} />
      </div>
    </div>
  )
}

interface LaneRow {
  name: string
  lane: Lane
}

/** One row a device; of many devices one a group, which shows the rank that the others wait for. */
export function laneRows({ lanes: { lanes }, deviceNames, cast }: StageScene): LaneRow[] {
  return groupDevices(lanes.length).flatMap((group) => {
    const members = group.flatMap((device) => lanes[device] ?? [])
    const slowest = members.find(({ spans }) => !spans.some(({ phase }) => phase === 'straggler-wait'))
    const lane = slowest ?? members[0]
    if (lane === undefined) return []
    const name = deviceNames[lane.device] ?? `${lane.device}`
    const who = cast.exchanges ? `Rank ${lane.rank}` : name
    return { name: group.length === 1 ? who : `${group[0]} to ${group.at(-1)}`, lane }
  })
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
  const { title, kind } = phases[span.phase]
  const ms = span.toMs - span.fromMs
  const text = `${title} ${formatMilliseconds(ms)}`
  const percent = (part: number) => `${durationMs === 0 ? 0 : (100 * part) / durationMs}%`
  return (
    <div
      className={styles.span}
      data-kind={isModel ? 'model' : kind}
      title={text}
      style={{
        left: percent(span.fromMs),
        width: percent(ms),
        ['--phase' as string]: phaseColour(span.phase, scheme),
      }}
    >
      {/* Where it would be cut it is left out: the same stands in the title. */}
      <span className={styles.spanText}>{text}</span>
    </div>
  )
}

/** `Rank 0: forward and backward 116.2 ms, ...`: the lane as a screen reader says it. */
function laneSentence({ name, lane }: LaneRow): string {
  const parts = lane.spans.map(
    ({ phase, fromMs, toMs }) => `${phases[phase].title.toLowerCase()} ${formatMilliseconds(toMs - fromMs)}`,
  )
  return `${name}: ${parts.join(', ')}.`
}
