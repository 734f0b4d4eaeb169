import { useComputedColorScheme } from '@mantine/core'
import { useElementSize, useMergedRef } from '@mantine/hooks'
import { useMemo, useState, useSyncExternalStore } from 'react'
import { phaseColour, waterfallColour } from '../../../charts/palettes.js'
import { waterfallModel } from '../../../charts/waterfall-model.js'
import { phases } from '../../../shared/explain/phases.js'
import { type FoldedBar, foldIntoBars } from '../../../shared/explain/step-waterfall.js'
import type { Waterfall } from '../../../shared/waterfall/waterfall.js'
import styles from './fold-chart.module.css'
import { foldLayout } from './fold-layout.js'
import { laneRows } from './lane-rows.js'
import type { StageScene } from './stage-scene.js'
import type { StepPlayer } from './step-player.js'

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
  /** The run's answer for the strategy, which stands below the bars. */
  answer: string | null
}) {
  const folded = useSyncExternalStore(player.subscribe, () => player.folded)
  if (folded === 0) return null
  const bars = foldIntoBars(scene.lanes, waterfall)
  return (
    <div className={styles.fold}>
      <h2 className={styles.foldTitle}>Why not {scene.deviceNames.length} times?</h2>
      <Picture scene={scene} waterfall={waterfall} bars={bars} share={folded} />
      <p className={styles.answer}>{answer}</p>
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
  const { ref, width, height } = useElementSize<HTMLDivElement>()
  const [place, setPlace] = useState<HTMLDivElement | null>(null)
  const placeRef = useMergedRef(ref, setPlace)
  const rows = laneRows(scene)
  const model = waterfallModel({ id: '', title: '', waterfall })
  const { from, to } = model.axis
  // The first row is the ideal.
  const titles = model.rows.map(({ title }, row) => foldTitle(title, bars[row - 1], scene))
  // It grows with the window, and is asked for no more often.
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  const fontPixels = useMemo(
    () => (place === null ? 16 : Number.parseFloat(getComputedStyle(place).fontSize)),
    [place, width, height],
  )
  const { labelWidth, barsWidth, barHeight, lines } = foldLayout({ width, height, fontPixels, titles })
  const toX = (ms: number) => labelWidth + ((ms - from) / (to - from)) * barsWidth
  const bar = (fromMs: number, toMs: number, row: number): Rect => ({
    x: Math.min(toX(fromMs), toX(toMs)),
    y: (lines[row]?.middle ?? 0) - barHeight / 2,
    width: Math.max(2, Math.abs(toX(toMs) - toX(fromMs))),
    height: barHeight,
  })
  return (
    <div className={styles.foldPlace} ref={placeRef}>
      <svg
        width={width}
        height={height}
        className={styles.foldPicture}
        role="img"
        aria-label={model.rows.map(({ amount }, row) => `${titles[row]}: ${amount} ms`).join('. ')}
      >
        {model.rows.map(({ title, amount, kind, fromMs, toMs }, row) => {
          const { middle = 0, texts = [] } = lines[row] ?? {}
          return (
            <g key={title}>
              {texts.map((text, line) => (
                <text
                  key={text}
                  y={middle + (line - (texts.length - 1) / 2) * fontPixels * 1.1}
                  dominantBaseline="central"
                >
                  {text}
                </text>
              ))}
              <text
                x={width}
                y={middle}
                className={styles.foldValue}
                textAnchor="end"
                dominantBaseline="central"
              >
                {amount} ms
              </text>
              {kind === 'total' && (
                <rect {...bar(fromMs, toMs, row)} fill={waterfallColour('total', scheme)} opacity={share} />
              )}
            </g>
          )
        })}
        {bars.flatMap((folded, index) =>
          rows.flatMap(({ lane, name }, laneIndex) =>
            lane.spans
              .filter(({ phase }) => folded.phases.includes(phase))
              .map((span) => {
                const source: Rect = {
                  // Beside labels and values, and never over them.
                  x: labelWidth + (span.fromMs / scene.lanes.durationMs) * barsWidth,
                  y: height - (rows.length - laneIndex) * barHeight * 1.4,
                  width: ((span.toMs - span.fromMs) / scene.lanes.durationMs) * barsWidth,
                  height: barHeight,
                }
                const { fromMs = 0, toMs = 0 } = model.rows[index + 1] ?? {}
                return (
                  <rect
                    key={`${name} ${span.phase}`}
                    {...between(source, bar(fromMs, toMs, index + 1), share)}
                    fill={phaseColour(span.phase, scheme)}
                    opacity={phases[span.phase].kind === 'rest' ? 0.8 : 1}
                  />
                )
              }),
          ),
        )}
      </svg>
    </div>
  )
}

/** A wait says that it is a mean where the lanes show other numbers. */
function foldTitle(
  title: string,
  bar: FoldedBar | undefined,
  { lanes: { lanes, isShared } }: StageScene,
): string {
  const isWait = bar?.phases.some((phase) => phases[phase].kind === 'waiting') ?? false
  return isWait && !isShared && lanes.length > 1 ? `${title}, mean of ${lanes.length} ranks` : title
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
