import { useComputedColorScheme } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { phases } from '../../../shared/explain/phases.js'
import { type FoldedBar, foldIntoBars } from '../../../shared/explain/step-waterfall.js'
import type { Waterfall } from '../../../shared/waterfall/waterfall.js'
import styles from './explain-screen.module.css'
import { formatMilliseconds } from './explain-text.js'
import { laneRows } from './lanes-chart.js'
import { phaseColour } from './phase-look.js'
import type { StageScene } from './stage-scene.js'
import type { StepPlayer } from './step-player.js'

const width = 1500
const rowHeight = 36
const labelWidth = 620
const valueWidth = 130

interface Rect {
  x: number
  y: number
  width: number
  height: number
}

/** The end of a step: its lanes shrink and fold into "Why not N times?", each phase's time flying into its bar. */
export function FoldChart({
  scene,
  player,
  waterfall,
  answer,
}: {
  scene: StageScene
  player: StepPlayer
  waterfall: Waterfall
  /** The run's answer for the strategy, which stands last. */
  answer: string | null
}) {
  const folded = useSyncExternalStore(player.subscribe, () => player.folded)
  if (folded === 0) return null
  const bars = foldIntoBars(scene.lanes, waterfall)
  return (
    <div className={styles.fold} style={{ opacity: Math.min(1, folded * 4) }}>
      <h2 className={styles.foldTitle}>Why not {scene.deviceNames.length} times?</h2>
      <Picture scene={scene} waterfall={waterfall} bars={bars} share={folded} />
      <p className={styles.answer} style={{ opacity: folded >= 1 ? 1 : 0 }}>
        {answer}
      </p>
    </div>
  )
}

function Picture({
  scene,
  waterfall,
  bars,
  share,
}: {
  scene: StageScene
  waterfall: Waterfall
  bars: readonly FoldedBar[]
  share: number
}) {
  const scheme = useComputedColorScheme('light')
  const rows = laneRows(scene)
  const { idealMs, measuredMs } = waterfall
  const edges = [0, idealMs, measuredMs]
  let atMs = idealMs
  const placed = bars.map((folded, index) => {
    const fromMs = atMs
    atMs += folded.bar.msPerStep
    edges.push(atMs)
    return { folded, fromMs, toMs: atMs, row: index + 1 }
  })
  const least = Math.min(...edges)
  const longest = Math.max(...edges)
  const toX = (ms: number) =>
    labelWidth + ((ms - least) / (longest - least)) * (width - labelWidth - valueWidth)
  const bar = (fromMs: number, toMs: number, row: number): Rect => ({
    x: Math.min(toX(fromMs), toX(toMs)),
    y: row * rowHeight + 8,
    width: Math.max(2, Math.abs(toX(toMs) - toX(fromMs))),
    height: rowHeight - 16,
  })
  const height = (bars.length + 2) * rowHeight
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      className={styles.foldPicture}
      role="img"
      aria-label={sentence(waterfall)}
    >
      <Row row={0} title="Ideal: shared without loss" value={formatMilliseconds(idealMs)} />
      <rect {...bar(0, idealMs, 0)} className={styles.totalBar} opacity={share} />
      {placed.map(({ folded: { bar: reason }, row }) => (
        <Row
          key={reason.name}
          row={row}
          title={reason.title}
          value={signed(reason.msPerStep)}
          opacity={share}
        />
      ))}
      {placed.flatMap(({ folded, fromMs, toMs, row }) =>
        rows.flatMap(({ lane, name }, laneIndex) =>
          lane.spans
            .filter(({ phase }) => folded.phases.includes(phase))
            .map((span) => {
              const source: Rect = {
                x: (span.fromMs / scene.lanes.durationMs) * width,
                y: height - (rows.length - laneIndex) * rowHeight,
                width: ((span.toMs - span.fromMs) / scene.lanes.durationMs) * width,
                height: rowHeight - 14,
              }
              return (
                <rect
                  key={`${name} ${span.phase}`}
                  {...between(source, bar(fromMs, toMs, row), share)}
                  fill={phaseColour(span.phase, scheme)}
                  opacity={phases[span.phase].kind === 'rest' ? 0.8 : 1}
                />
              )
            }),
        ),
      )}
      <Row row={bars.length + 1} title="Measured" value={formatMilliseconds(measuredMs)} />
      <rect {...bar(0, measuredMs, bars.length + 1)} className={styles.totalBar} opacity={share} />
    </svg>
  )
}

function Row({
  row,
  title,
  value,
  opacity = 1,
}: {
  row: number
  title: string
  value: string
  opacity?: number
}) {
  const middle = row * rowHeight + rowHeight / 2
  return (
    <g opacity={opacity} className={styles.foldText}>
      <foreignObject x={0} y={row * rowHeight} width={labelWidth - 16} height={rowHeight}>
        <div className={styles.foldLabel}>{title}</div>
      </foreignObject>
      <text x={width} y={middle} textAnchor="end" dominantBaseline="central">
        {value}
      </text>
    </g>
  )
}

function signed(ms: number): string {
  return `${ms < 0 ? '−' : '+'}${formatMilliseconds(Math.abs(ms))}`
}

function between(from: Rect, to: Rect, share: number): Rect {
  const eased = share * share * (3 - 2 * share)
  const at = (one: number, other: number) => one + (other - one) * eased
  return {
    x: at(from.x, to.x),
    y: at(from.y, to.y),
    width: Math.max(1.5, at(from.width, to.width)),
    height: at(from.height, to.height),
  }
}

function sentence({ idealMs, measuredMs, bars }: Waterfall): string {
  const reasons = bars.map(({ title, msPerStep }) => `${title}: ${signed(msPerStep)}`)
  return [
    `Ideal ${formatMilliseconds(idealMs)}`,
    ...reasons,
    `Measured ${formatMilliseconds(measuredMs)}`,
  ].join('. ')
}
