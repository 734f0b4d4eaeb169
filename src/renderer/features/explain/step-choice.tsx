import { Button, SegmentedControl, Select, Tooltip } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import type { ExplainedMeasurement } from '../../../shared/explain/explained-run.js'
import styles from './explain-screen.module.css'
import { Act } from './step-controls.js'

/** Which strategy, and which repeat of it. */
export function MeasurementChoice({
  measurements,
  chosen,
  onMeasurement,
}: {
  measurements: readonly ExplainedMeasurement[]
  chosen: ExplainedMeasurement
  onMeasurement(key: string): void
}) {
  const strategies = [...new Map(measurements.map((one) => [one.id, one])).values()]
  const repeats = measurements.filter(({ id }) => id === chosen.id)
  return (
    <>
      <SegmentedControl
        aria-label="Strategy"
        value={chosen.id}
        onChange={(id) => onMeasurement(measurements.find((one) => one.id === id)?.key ?? chosen.key)}
        data={strategies.map(({ id, title }) => ({ value: id, label: title }))}
      />
      {repeats.length > 1 && (
        <Select
          aria-label="Repeat"
          className={styles.repeat ?? ''}
          allowDeselect={false}
          value={chosen.key}
          onChange={(key) => key !== null && onMeasurement(key)}
          data={repeats.map(({ key, repeat }) => ({
            value: key,
            label: `Repeat ${repeat} of ${repeats.length}`,
          }))}
        />
      )}
    </>
  )
}

/** Which of its steps: one of those that are worth a look, two beside each other, or any. */
export function StepChoice({
  chosen,
  index,
  isPair,
  onStep,
  onPair,
}: {
  chosen: ExplainedMeasurement
  index: number
  /** Two steps stand side by side. */
  isPair: boolean
  onStep(index: number): void
  onPair(): void
}) {
  const { picked } = chosen
  const isShown = (step: number | null): boolean => !isPair && step === index
  const picks = [
    { label: 'Typical step', index: picked.typical, what: 'the one nearest the median time' },
    { label: 'With a straggler', index: picked.straggler, what: 'the step in which a rank waited longest' },
    {
      label: 'Without a straggler',
      index: picked.even,
      what: 'the step in which all ranks finished most nearly together, to compare with',
    },
  ]
  return (
    <div className={styles.picks}>
      {picks.map(
        (pick) =>
          pick.index !== null && (
            <Tooltip key={pick.label} label={`${pick.label}: ${pick.what}`} position="bottom" openDelay={500}>
              <Button
                size="xs"
                variant={isShown(pick.index) ? 'light' : 'default'}
                aria-label={`${pick.label}: ${pick.what}`}
                aria-pressed={isShown(pick.index)}
                onClick={() => onStep(pick.index as number)}
              >
                {pick.label}
              </Button>
            </Tooltip>
          ),
      )}
      {picked.straggler !== null && picked.even !== null && (
        <Button size="xs" variant={isPair ? 'filled' : 'default'} aria-pressed={isPair} onClick={onPair}>
          Side by side
        </Button>
      )}
      <span className={styles.stepper}>
        <Act label="Previous step" disabled={isPair || index === 0} onClick={() => onStep(index - 1)}>
          <IconChevronLeft size={18} />
        </Act>
        <span className={styles.stepNumber}>
          Step {index + 1} of {chosen.steps}
        </span>
        <Act
          label="Next step"
          disabled={isPair || index >= chosen.steps - 1}
          onClick={() => onStep(index + 1)}
        >
          <IconChevronRight size={18} />
        </Act>
      </span>
    </div>
  )
}
