import { ActionIcon, Tooltip } from '@mantine/core'
import { IconChartLine, IconTable } from '@tabler/icons-react'
import { memo, type ReactNode, useCallback, useId, useRef, useState } from 'react'
import styles from './chart-card.module.css'

export interface ChartCardProps {
  title: string
  /** Said beside the name: a unit, or of what it is. */
  unit?: string | undefined
  legend?: ReactNode
  controls?: ReactNode
  /** The same figures as a table, for a screen reader and for whoever wants numbers. */
  table: ReactNode
  children: ReactNode
}

/** The frame of every chart: its name and unit, its legend, and a switch between picture and table. */
export function ChartCard({ title, unit, legend, controls, table, children }: ChartCardProps) {
  const [showsTable, setShowsTable] = useState(false)
  const body = useRef<HTMLDivElement>(null)
  const [chartHeight, setChartHeight] = useState(0)
  const switchView = useCallback(() => {
    setChartHeight(body.current?.clientHeight ?? 0)
    setShowsTable((before) => !before)
  }, [])
  const headingId = useId()
  return (
    <section className={styles.card} aria-labelledby={headingId}>
      <Head {...{ headingId, title, unit, controls, showsTable, switchView }} />
      {legend}
      {/* The table takes the chart's place and no more: nothing moves. */}
      <div ref={body} className={styles.body} style={showsTable ? { minHeight: chartHeight } : undefined}>
        {showsTable ? (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
          <section className={styles.table} aria-labelledby={headingId} tabIndex={0}>
            {table}
          </section>
        ) : (
          children
        )}
      </div>
    </section>
  )
}

interface HeadProps extends Pick<ChartCardProps, 'title'> {
  headingId: string
  unit: string | undefined
  controls: ReactNode
  showsTable: boolean
  switchView(): void
}

/** Stays as it is while the chart streams. */
const Head = memo(function Head(props: HeadProps) {
  const { headingId, title, unit, controls, showsTable, switchView } = props
  const switchTitle = showsTable ? `Show ${title} as a chart` : `Show ${title} as a table`
  return (
    <header className={styles.head}>
      <h2 id={headingId} className={styles.title}>
        {title}
        {unit !== undefined && <span className={styles.unit}> {unit}</span>}
      </h2>
      <div className={styles.controls}>
        {controls}
        <Tooltip label={switchTitle}>
          <ActionIcon
            variant="subtle"
            size="sm"
            aria-label={switchTitle}
            aria-pressed={showsTable}
            onClick={switchView}
          >
            {showsTable ? <IconChartLine size={16} /> : <IconTable size={16} />}
          </ActionIcon>
        </Tooltip>
      </div>
    </header>
  )
})
