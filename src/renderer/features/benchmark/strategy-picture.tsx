import { useComputedColorScheme } from '@mantine/core'
import type { Strategy } from '../../../shared/run-configuration.js'
import { strategyStyle } from '../../../shared/strategy-style.js'
import styles from './strategy-picture.module.css'

/** How batches and gradients travel, at a glance: boxes are devices, dots are batches, arcs are gradients. */
export function StrategyPicture({ strategy }: { strategy: Strategy }) {
  const scheme = useComputedColorScheme('light')
  const { colour } = strategyStyle(strategy, scheme)
  return (
    <svg viewBox="0 0 200 56" className={styles.picture} aria-hidden="true" style={{ color: colour }}>
      {strategy === 'single' && <Single />}
      {strategy === 'dp' && <DataParallel />}
      {strategy === 'ddp' && <Distributed />}
    </svg>
  )
}

function Device({ x, idle = false }: { x: number; idle?: boolean }) {
  return <rect x={x} y="18" width="40" height="26" rx="5" className={idle ? styles.idle : styles.device} />
}

function Batch({ x, y, images }: { x: number; y: number; images: number }) {
  return (
    <g className={styles.batch}>
      {Array.from({ length: images }, (_, image) => x + image * 7).map((left) => (
        <rect key={left} x={left} y={y} width="5" height="5" rx="1" />
      ))}
    </g>
  )
}

function Single() {
  return (
    <>
      <Batch x={14} y={28} images={4} />
      <path d="M48 31 H72" className={styles.arrow} />
      <Device x={76} />
      <Device x={140} idle />
    </>
  )
}

function DataParallel() {
  return (
    <>
      <Batch x={14} y={28} images={4} />
      <path d="M48 31 H72" className={styles.arrow} />
      <Device x={76} />
      <Device x={140} />
      <path d="M118 26 H136" className={styles.arrow} />
      <path d="M138 38 H122" className={styles.arrow} />
    </>
  )
}

function Distributed() {
  return (
    <>
      <Batch x={42} y={28} images={2} />
      <path d="M60 31 H72" className={styles.arrow} />
      <Device x={76} />
      <Batch x={186} y={28} images={2} />
      <Device x={126} />
      <path d="M184 31 H170" className={styles.arrow} />
      <path d="M96 16 C96 2 146 2 146 14" className={styles.arrow} />
      <path d="M146 46 C146 58 96 58 96 48" className={styles.arrow} />
    </>
  )
}
