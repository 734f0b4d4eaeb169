import { UnstyledButton } from '@mantine/core'
import { isEqual } from 'es-toolkit'
import { memo } from 'react'
import type { StrategyStyle } from '../../shared/strategy-style.js'
import styles from './chart-legend.module.css'

export interface LegendItem {
  key: string
  title: string
  style: StrategyStyle
  /** The newest, or under the crosshair; empty where there is none. */
  value: string
  isHidden: boolean
}

/** Names the lines of a chart, says their values, and hides and shows them. */
export function ChartLegend({ items, onToggle }: { items: LegendItem[]; onToggle(key: string): void }) {
  return (
    <ul className={styles.legend}>
      {items.map((item) => (
        <Entry key={item.key} item={item} onToggle={onToggle} />
      ))}
    </ul>
  )
}

const Entry = memo(function Entry({ item, onToggle }: { item: LegendItem; onToggle(key: string): void }) {
  const { key, title, style, value, isHidden } = item
  return (
    <li>
      <UnstyledButton
        className={styles.item}
        aria-pressed={!isHidden}
        data-hidden={isHidden}
        onClick={() => onToggle(key)}
      >
        <LineSample style={style} />
        <span className={styles.name}>{title}</span>
        <span className={styles.value}>{value}</span>
      </UnstyledButton>
    </li>
  )
}, isEqual)

/** A piece of the line, as it is drawn. */
export function LineSample({ style }: { style: StrategyStyle }) {
  return (
    <svg viewBox="0 0 22 8" aria-hidden="true" className={styles.sample}>
      <line
        x1="1"
        x2="21"
        y1="4"
        y2="4"
        stroke={style.colour}
        strokeWidth="2.5"
        strokeDasharray={style.dash.join(' ')}
      />
    </svg>
  )
}
