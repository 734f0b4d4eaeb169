import { Alert, Button, Group, SegmentedControl, Text, Title } from '@mantine/core'
import { useSessionStorage } from '@mantine/hooks'
import { IconPlayerPlayFilled } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useLocation } from 'wouter'
import { isOnAllCores } from '../../../shared/domain/measurement-ids.js'
import type { PresetName } from '../../../shared/domain/presets.js'
import type { SettingName } from '../../../shared/domain/settings/settings.js'
import type { Strategy } from '../../../shared/domain/strategies.js'
import type { ErrorReport } from '../../../shared/errors.js'
import { presets, quickPreset } from '../../../shared/presets.js'
import type { MeasurementSummary } from '../../../shared/results.js'
import { isActive } from '../../../shared/run-stage.js'
import { useDashboard } from '../../state/dashboard.js'
import { useCommand } from '../../state/use-command.js'
import styles from './benchmark-screen.module.css'
import { changed, checkDraft, type Draft } from './draft.js'
import { EngineCard } from './engine-card.js'
import { MachineCard } from './machine-card.js'
import { PlanCard } from './plan-card.js'
import { SettingsForm } from './settings-form.js'
import { StrategyCards } from './strategy-cards.js'
import { type PlanView, usePlan } from './use-plan.js'

const explanations: Record<PresetName | 'custom', string> = {
  quick: 'A first answer in about a minute, on pictures that ship with Tandem.',
  notebook: 'The notebook’s values: CIFAR-10, 512 images a step and device, 2 epochs.',
  custom: 'Your own values.',
}

/** Choose what to measure, see what that means on this machine, and run it. */
export function BenchmarkScreen() {
  const [draft, setDraft] = useDraft()
  const [, navigate] = useLocation()
  const start = useCommand('startRun')
  const isBusy = useDashboard(({ control }) => isActive(control.stage))
  const isOpen = useDashboard(({ connection }) => connection.status === 'open')
  const checked = useMemo(() => checkDraft(draft), [draft])
  const plan = usePlan(checked.ok ? checked.configuration : null)
  const problems = checked.ok ? problemsOf(start.error, plan) : checked.problems
  const preset = draft.preset as PresetName | 'custom'

  const edit = (next: Draft): void => {
    start.clearError()
    setDraft(next)
  }
  const run = async (): Promise<void> => {
    if (!checked.ok) return
    const started = await start.run({ configuration: checked.configuration })
    if (started !== null) navigate('/live')
  }

  return (
    <form
      className={styles.screen}
      onSubmit={(event) => {
        event.preventDefault()
        void run()
      }}
      noValidate
    >
      <div className={styles.settings}>
        <Group justify="space-between" align="flex-end" mb="sm">
          <div>
            <Title order={1}>Benchmark</Title>
            <Text c="dimmed">{explanations[preset]}</Text>
          </div>
          <SegmentedControl
            aria-label="Preset"
            value={preset}
            onChange={(value) => {
              if (value in presets) edit(presets[value as PresetName])
            }}
            data={[
              { value: 'quick', label: 'Quick' },
              { value: 'notebook', label: 'Notebook' },
              { value: 'custom', label: 'Custom', disabled: preset !== 'custom' },
            ]}
          />
        </Group>
        <StrategyCards
          chosen={draft.strategies as readonly Strategy[]}
          unavailable={unavailable(plan)}
          problem={problems.strategies}
          onChange={(strategies) => edit(changed(draft, 'strategies', strategies))}
        />
        <SettingsForm draft={draft} problems={problems} onChange={edit} />
      </div>
      <aside className={styles.side} aria-label="What this means here">
        <div className={styles.action}>
          <Button
            type="submit"
            size="lg"
            fullWidth
            leftSection={<IconPlayerPlayFilled size={18} />}
            loading={start.isRunning}
            disabled={!checked.ok || isBusy || !isOpen}
          >
            Run benchmark
          </Button>
          {isBusy && !start.isRunning && (
            <Text size="sm" c="dimmed" ta="center" mt={6}>
              A benchmark is under way; the next can start when it has ended.
            </Text>
          )}
          {start.error !== null && start.error.setting === undefined && (
            <Alert color="red" title="It did not start" mt="sm" role="alert">
              {start.error.message}. {start.error.hint}
            </Alert>
          )}
        </div>
        <PlanCard view={plan} />
        <MachineCard />
        <EngineCard />
      </aside>
    </form>
  )
}

/** The settings as they were left, for as long as this tab lives. */
function useDraft() {
  return useSessionStorage<Draft>({
    key: 'tandem-settings',
    defaultValue: quickPreset,
    getInitialValueInEffect: false,
  })
}

/** What the host found wrong, at the setting that it is wrong with. */
function problemsOf(error: ErrorReport | null, plan: PlanView): Partial<Record<SettingName, string>> {
  const reports = [error, plan.kind === 'problem' ? plan.error : null]
  const located = reports.flatMap((report) => report?.setting ?? [])
  return Object.fromEntries(located.map(({ name, problem }) => [name, problem]))
}

function unavailable(plan: PlanView): Partial<Record<Strategy, string>> {
  if (plan.kind !== 'plan') return {}
  const skipped = plan.plan.measurements.filter(
    (measurement) => measurement.status === 'skipped' && !isOnAllCores(measurement),
  )
  return Object.fromEntries(
    skipped.map(({ strategy, skipReason }: MeasurementSummary) => [strategy, skipReason ?? '']),
  )
}
