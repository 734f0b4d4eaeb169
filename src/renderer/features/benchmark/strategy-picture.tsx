import { useComputedColorScheme } from '@mantine/core'
import { type Strategy, strategies } from '../../../shared/domain/strategies.js'
import styles from './strategy-picture.module.css'

/** How batches and gradients travel, at a glance: boxes are devices, dots are batches, arcs are gradients. */
export function StrategyPicture({ strategy }: { strategy: Strategy }) {
  const scheme = useComputedColorScheme('light')
  const { picture, look } = strategies[strategy]
  return (
    <svg viewBox="0 0 200 56" className={styles.picture} aria-hidden="true" style={{ color: look[scheme] }}>
      {picture.batches.map((batch) => (
        <Batch key={batch.x} {...batch} />
      ))}
      {picture.devices.map(({ x, isIdle }) => (
        <rect
          key={x}
          x={x}
          y="18"
          width="40"
          height="26"
          rx="5"
          className={isIdle ? styles.idle : styles.device}
        />
      ))}
      {picture.arrows.map((path) => (
        <path key={path} d={path} className={styles.arrow} />
      ))}
    </svg>
  )
}

function Batch({ x, images }: { x: number; images: number }) {
  return (
    <g className={styles.batch}>
      {Array.from({ length: images }, (_, image) => x + image * 7).map((left) => (
        <rect key={left} x={left} y="28" width="5" height="5" rx="1" />
      ))}
    </g>
  )
}
