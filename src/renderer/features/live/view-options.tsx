import { SegmentedControl, Select, Switch } from '@mantine/core'
import type { StepAxis } from './lines.js'
import styles from './view-options.module.css'

/** How charts of steps are drawn; the same for all of them. */
export interface ViewOptions {
  axis: StepAxis
  /** Weight of the past in smoothed lines. */
  smoothing: number
  logarithmicLoss: boolean
  /** The block of the repeat that is shown; null for the latest of each strategy, beside all. */
  repeat: number | null
}

export const initialOptions: ViewOptions = {
  axis: 'steps',
  smoothing: 0.6,
  logarithmicLoss: false,
  repeat: null,
}

export const axisTitles: Record<StepAxis, string> = {
  steps: 'Steps',
  epochs: 'Epochs',
  seconds: 'Seconds of training',
}

const everyRepeat = 'all'

const smoothings = [
  { value: '0', label: 'Not smoothed' },
  { value: '0.6', label: 'Smoothed' },
  { value: '0.9', label: 'Smoothed more' },
]

export interface ViewOptionsProps {
  options: ViewOptions
  /** Of the run's plan: with one there is nothing to pick. */
  repeats: number
  onChange(options: ViewOptions): void
}

export function ViewOptionsBar({ options, repeats, onChange }: ViewOptionsProps) {
  return (
    <div className={styles.bar}>
      {repeats > 1 && (
        <Select
          size="xs"
          w={112}
          aria-label="Repeats"
          data={[
            { value: everyRepeat, label: 'All repeats' },
            ...Array.from({ length: repeats }, (_, block) => ({
              value: String(block),
              label: `Repeat ${block + 1}`,
            })),
          ]}
          value={options.repeat === null ? everyRepeat : String(options.repeat)}
          allowDeselect={false}
          onChange={(value) => onChange({ ...options, repeat: value === everyRepeat ? null : Number(value) })}
        />
      )}
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
        w={120}
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
