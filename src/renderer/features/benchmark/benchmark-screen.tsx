import { Anchor, Button, Group, SegmentedControl, Text, Title } from '@mantine/core'
import { useHotkeys, useSessionStorage } from '@mantine/hooks'
import { useMemo } from 'react'
import { Link, useLocation } from 'wouter'
import { isOnAllCores } from '../../../shared/domain/measurement-ids.js'
import type { PresetName } from '../../../shared/domain/presets.js'
import type { SettingName } from '../../../shared/domain/settings/settings.js'
import type { Strategy } from '../../../shared/domain/strategies.js'
import type { ErrorReport } from '../../../shared/errors.js'
import type { MeasurementSummary } from '../../../shared/results/results.js'
import { presets, quickPreset } from '../../../shared/run/presets.js'
import { isActive } from '../../../shared/run/run-stage.js'
import { useDashboard } from '../../state/dashboard.js'
import { useCommand } from '../../state/use-command.js'
import styles from './benchmark-screen.module.css'
import { changed, checkDraft, type Draft, presetOf } from './draft.js'
import { EngineCard } from './engine-card.js'
import { MachineCard } from './machine-card.js'
import { PlanCard } from './plan-card.js'
import { RunAction } from './run-action.js'
import { SettingsForm } from './settings-form.js'
import { StrategyCards } from './strategy-cards.js'
import { type PlanView, usePlan } from './use-plan.js'

const explanations: Record<PresetName | 'custom', string> = {
  quick: 'A first answer in about a minute, on pictures that ship with Tandem.',
  notebook: 'The notebook’s values: CIFAR-10, 512 images per step and device, 2 epochs.',
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
  const refusal = refusalOf(start.error) ?? (plan.kind === 'problem' ? refusalOf(plan.error) : null)
  const preset = draft.preset as PresetName | 'custom'

  const edit = (next: Draft): void => {
    start.clearError()
    setDraft(next)
  }
  const run = async (): Promise<void> => {
    // Keys get here where the button is disabled.
    if (!checked.ok || isBusy || !isOpen || refusal !== null || Object.keys(problems).length > 0) return
    const started = await start.run({ configuration: checked.configuration })
    if (started !== null) navigate('/live')
  }

  // Also while something is typed.
  useHotkeys([['mod+Enter', () => void run()]], [])

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
          <Group gap="xs">
            {preset !== 'custom' && presetOf(draft) === null && (
              <Button variant="subtle" size="xs" onClick={() => edit(presets[preset])}>
                Reset
              </Button>
            )}
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
        </Group>
        <StrategyCards
          chosen={draft.strategies as readonly Strategy[]}
          unavailable={unavailable(plan)}
          problem={problems.strategies}
          onChange={(strategies) => edit(changed(draft, 'strategies', strategies))}
        />
        <SettingsForm draft={draft} problems={problems} onChange={edit} />
        <Text size="sm" c="dimmed">
          Does your own training scale?{' '}
          <Anchor component={Link} href="/script" size="sm" underline="always">
            Measure your PyTorch script
          </Anchor>
        </Text>
      </div>
      <aside className={styles.side} aria-label="What this means here">
        <RunAction
          configuration={checked.ok ? checked.configuration : null}
          plan={plan}
          problems={problems}
          refusal={refusal}
          isStarting={start.isRunning}
          isBusy={isBusy}
          isConnected={isOpen}
        />
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

/** Of an error, what no one field can show. */
function refusalOf(error: ErrorReport | null): ErrorReport | null {
  return error === null || error.setting !== undefined ? null : error
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
