import { Alert, Button, CopyButton, Group, Text, Title } from '@mantine/core'
import { IconCheck, IconCopy, IconPlayerStopFilled, IconStethoscope } from '@tabler/icons-react'
import {
  type Check,
  checkGroups,
  type DoctorReport,
  type DoctorState,
} from '../../../shared/doctor/doctor-report.js'
import { outcomeText, reportMarkdown, stepText } from '../../../shared/doctor/report-text.js'
import type { ErrorReport } from '../../../shared/errors.js'
import { isActive } from '../../../shared/run/run-stage.js'
import { errorSentences } from '../../../shared/text/error-sentences.js'
import { formatQuantity } from '../../../shared/text/format.js'
import { useDashboard } from '../../state/dashboard.js'
import { type CommandUse, useCommand } from '../../state/use-command.js'
import { CheckGroup } from './check-group.js'
import styles from './doctor-screen.module.css'
import { WhatToDo } from './what-to-do.js'

/** What this machine can do, proved step by step while one looks on; what to do about it; and a report to paste. */
export function DoctorScreen() {
  const doctor = useDashboard((state) => state.doctor)
  const report = doctor.status === 'done' ? doctor.report : null
  const checks = checksOf(doctor)
  const start = useCommand('startDoctor')
  const isMeasuring = useDashboard(({ control }) => isActive(control.stage))
  return (
    <section className={styles.screen} aria-label="Doctor">
      <Group justify="space-between" align="flex-end">
        <div className={styles.head}>
          <Title order={1}>Doctor</Title>
          <Text c="dimmed" role="status">
            {statusText(doctor)}
          </Text>
        </div>
        <Group gap="xs">
          {report !== null && <CopyReport report={report} />}
          <DoctorAction doctor={doctor} start={start} isMeasuring={isMeasuring} />
        </Group>
      </Group>
      {doctor.status !== 'running' && <Refusal isMeasuring={isMeasuring} error={start.error} />}
      {report !== null && <WhatToDo checks={checks} />}
      {doctor.status === 'idle' ? (
        <About />
      ) : (
        groupsOf(doctor, checks).map(({ group, checks: made, current }) => (
          <CheckGroup key={group} group={group} checks={made} current={current} />
        ))
      )}
      {report !== null && (
        <ul className={styles.machine} aria-label="This machine, as the report tells it">
          {report.machine.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </section>
  )
}

function checksOf(doctor: DoctorState): readonly Check[] {
  if (doctor.status === 'done') return doctor.report.checks
  return doctor.status === 'running' ? doctor.checks : []
}

/** Also groups of which the first check is still being made. */
function groupsOf(doctor: DoctorState, checks: readonly Check[]) {
  const current = doctor.status === 'running' ? doctor.current : []
  const groups = checkGroups(checks).map((made) => ({
    ...made,
    current: current.find(({ group }) => group === made.group)?.title ?? null,
  }))
  const begun = current.filter(({ group }) => groups.every((known) => known.group !== group))
  return [...groups, ...begun.map(({ group, title }) => ({ group, checks: [], current: title }))]
}

function statusText(doctor: DoctorState): string {
  switch (doctor.status) {
    case 'idle':
      return 'Not run yet'
    case 'running': {
      if (doctor.stopping) return 'Stopping'
      const now = doctor.current.map(stepText).join(', ')
      return `${formatQuantity(doctor.checks.length, 'check')} made${now === '' ? '' : `, now ${now}`}`
    }
    case 'done':
      return outcomeText(doctor.report)
  }
}

/** Starts it, or stops what runs. */
function DoctorAction({
  doctor,
  start,
  isMeasuring,
}: {
  doctor: DoctorState
  start: CommandUse<'startDoctor'>
  isMeasuring: boolean
}) {
  const stop = useCommand('stopDoctor')
  const isOpen = useDashboard(({ connection }) => connection.status === 'open')
  if (doctor.status === 'running') {
    return (
      <Button
        variant="default"
        leftSection={<IconPlayerStopFilled size={16} />}
        disabled={doctor.stopping || !isOpen}
        onClick={() => void stop.run({})}
      >
        Stop
      </Button>
    )
  }
  return (
    <Button
      leftSection={<IconStethoscope size={18} />}
      loading={start.isRunning}
      disabled={isMeasuring || !isOpen}
      onClick={() => void start.run({})}
    >
      {doctor.status === 'idle' ? 'Check this machine' : 'Check again'}
    </Button>
  )
}

/** Why it cannot start now; nothing where it can. */
function Refusal({ isMeasuring, error }: { isMeasuring: boolean; error: ErrorReport | null }) {
  if (isMeasuring) {
    return (
      <Text size="sm" c="dimmed" role="status">
        A benchmark is running, and doctor would take its time. It can start when the benchmark has ended.
      </Text>
    )
  }
  if (error === null) return null
  return (
    <Alert color="yellow" title="Not now" role="alert">
      {errorSentences(error)}
    </Alert>
  )
}

function CopyReport({ report }: { report: DoctorReport }) {
  return (
    <CopyButton value={reportMarkdown(report)}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          onClick={copy}
          title="In Markdown, to paste into an issue. It names no person and no host."
        >
          {copied ? 'Copied' : 'Copy report'}
        </Button>
      )}
    </CopyButton>
  )
}

function About() {
  return (
    <div className={styles.about}>
      <Text maw={560} ta="center">
        In about a minute: this machine, its GPUs, and each engine that is installed. Operations are held
        against known results, gradients are exchanged, memory is taken and given back, and each strategy
        trains a few steps.
      </Text>
      <Text c="dimmed" maw={560} ta="center">
        Each check says what it found, how long it took, and what to do. The report names no person and no
        host.
      </Text>
    </div>
  )
}
