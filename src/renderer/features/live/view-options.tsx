import { SegmentedControl, Select, Switch } from '@mantine/core'
import type { StepAxis } from './lines.js'
import styles from './view-options.module.css'

/** How charts of steps are drawn; the same for all of them. */
export interface ViewOptions {
  axis: StepAxis
  /** Weight of the past in smoothed lines. */
  smoothing: number
  logarithmicLoss: boolean
}

export const initialOptions: ViewOptions = { axis: 'steps', smoothing: 0.6, logarithmicLoss: false }

export const axisTitles: Record<StepAxis, string> = { steps: 'Step', epochs: 'Epoch', seconds: 'Seconds' }

const smoothings = [
  { value: '0', label: 'Not smoothed' },
  { value: '0.6', label: 'Smoothed' },
  { value: '0.9', label: 'Smoothed more' },
]

export interface ViewOptionsProps {
  options: ViewOptions
  onChange(options: ViewOptions): void
}

export function ViewOptionsBar({ options, onChange }: ViewOptionsProps) {
  return (
    <div className={styles.bar}>
      <SegmentedControl
        size="xs"
        aria-label="Along the x axis"
        value={options.axis}
        onChange={(axis) => onChange({ ...options, axis: axis as StepAxis })}
        data={[
          { value: 'steps', label: 'Step' },
          { value: 'epochs', label: 'Epoch' },
          { value: 'seconds', label: 'Time' },
        ]}
      />
      <Select
        size="xs"
        w={128}
        aria-label="Smoothing"
        data={smoothings}
        value={String(options.smoothing)}
        allowDeselect={false}
        onChange={(value) => onChange({ ...options, smoothing: Number(value) })}
      />
      <Switch
        size="sm"
        label="Log loss"
        checked={options.logarithmicLoss}
        onChange={({ currentTarget: { checked } }) => onChange({ ...options, logarithmicLoss: checked })}
      />
    </div>
  )
}
