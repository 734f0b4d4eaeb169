import { Anchor, NumberInput, Select, SimpleGrid, Switch, Text, TextInput, Title } from '@mantine/core'
import { useMemo, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { isActive } from '../../../shared/run/run-stage.js'
import type { OfferedScript } from '../../../shared/script/offered-script.js'
import { commandText } from '../../../shared/script/script.js'
import { useDashboard } from '../../state/dashboard.js'
import { useCommand } from '../../state/use-command.js'
import benchmark from '../benchmark/benchmark-screen.module.css'
import { MachineCard } from '../benchmark/machine-card.js'
import { PlanCard } from '../benchmark/plan-card.js'
import { usePlan } from '../benchmark/use-plan.js'
import { ScriptAction } from './script-action.js'
import { checkScriptDraft, draftOf, type ScriptDraft } from './script-draft.js'
import styles from './script-screen.module.css'

const batches = [
  { value: 'script', label: 'As the script has it' },
  { value: 'rank', label: 'The same for each rank (weak scaling)' },
  { value: 'all', label: 'Shared among the ranks (strong scaling)' },
] as const satisfies { value: ScriptDraft['batch']; label: string }[]

const deviceKinds = [
  { value: 'auto', label: 'GPUs if there are any' },
  { value: 'cpu', label: 'CPU devices' },
  { value: 'gpu', label: 'GPUs' },
] as const satisfies { value: ScriptDraft['deviceKind']; label: string }[]

/** On how many ranks, how often and how long the offered script is measured, and the button that does it. */
export function ScriptForm({ offered }: { offered: OfferedScript }) {
  const [draft, setDraft] = useState(() => draftOf(offered))
  const [, navigate] = useLocation()
  const start = useCommand('startRun')
  const isBusy = useDashboard(({ control }) => isActive(control.stage))
  const checked = useMemo(() => checkScriptDraft(draft, offered), [draft, offered])
  const configuration = checked.ok ? checked.configuration : null
  const problems = checked.ok ? {} : checked.problems
  const plan = usePlan(configuration)
  const refusal = start.error ?? (plan.kind === 'problem' ? plan.error : null)
  const edit = (change: Partial<ScriptDraft>): void => {
    start.clearError()
    setDraft({ ...draft, ...change })
  }
  const run = async (): Promise<void> => {
    if (configuration === null || isBusy || refusal !== null) return
    if ((await start.run({ configuration })) !== null) navigate('/live')
  }
  const number = (name: 'repeats' | 'steps' | 'warmUpSteps', label: string) => (
    <NumberInput
      label={label}
      value={draft[name]}
      error={problems[name]}
      onChange={(typed) => edit({ [name]: typed })}
      clampBehavior="none"
      thousandSeparator=","
    />
  )
  return (
    <form
      className={benchmark.screen}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void run()
      }}
    >
      <div className={benchmark.settings}>
        <div>
          <Title order={1}>Your script</Title>
          <Text c="dimmed">
            Measured as it is, on one device and on several: does it scale, and why not N times?
          </Text>
        </div>
        <Facts {...offered} />
        <SimpleGrid cols={{ base: 2, md: 3 }} spacing="sm" verticalSpacing="xs">
          <TextInput
            label="Ranks, each number by itself"
            placeholder="1,2,4"
            value={draft.worlds}
            error={problems.worlds}
            onChange={({ currentTarget }) => edit({ worlds: currentTarget.value })}
          />
          {number('repeats', 'Repeats')}
          {number('steps', 'Steps to measure')}
          {number('warmUpSteps', 'Steps before them')}
          <Select
            label="Devices"
            data={[...deviceKinds]}
            value={draft.deviceKind}
            allowDeselect={false}
            onChange={(deviceKind) => deviceKind !== null && edit({ deviceKind })}
          />
          <Select
            label="Batch"
            data={[...batches]}
            value={draft.batch}
            allowDeselect={false}
            onChange={(batch) => batch !== null && edit({ batch })}
          />
          {draft.batch !== 'script' && (
            <NumberInput
              label={draft.batch === 'rank' ? 'Samples a step of each rank' : 'Samples a step of all ranks'}
              value={draft.batchSize}
              error={problems.batchSize}
              onChange={(batchSize) => edit({ batchSize })}
              clampBehavior="none"
              thousandSeparator=","
            />
          )}
        </SimpleGrid>
        <Switch
          label="Run in a temporary copy of the folder"
          description={
            offered.script.isInScratch
              ? 'It was asked for in the terminal.'
              : 'The script runs for real. Without a copy, what it writes it writes now as well, checkpoints too.'
          }
          checked={draft.isInScratch}
          disabled={offered.script.isInScratch}
          onChange={({ currentTarget }) => edit({ isInScratch: currentTarget.checked })}
        />
        <Text size="sm" c="dimmed">
          Something else?{' '}
          <Anchor component={Link} href="/" size="sm" underline="always">
            Tandem’s own training
          </Anchor>
        </Text>
      </div>
      <aside className={benchmark.side} aria-label="What this means here">
        <ScriptAction
          configuration={configuration}
          python={offered.python}
          plan={plan}
          refusal={refusal}
          isStarting={start.isRunning}
          isBusy={isBusy}
        />
        <PlanCard view={plan} isBatchKnown={draft.batch !== 'script'} />
        <MachineCard />
      </aside>
    </form>
  )
}

/** What no page can change. */
function Facts({ script, python }: OfferedScript) {
  return (
    <dl className={styles.facts} aria-label="Named where Tandem was started">
      <dt>Command</dt>
      <dd>{commandText(script)}</dd>
      <dt>Folder</dt>
      <dd>{script.folder}</dd>
      <dt>Python</dt>
      <dd data-prose={python === null}>{python ?? 'The command’s own, or the one on PATH'}</dd>
      <dt>Ranks</dt>
      <dd data-prose>{script.launcher === 'tandem' ? 'Started by Tandem' : 'Started by the command'}</dd>
    </dl>
  )
}
