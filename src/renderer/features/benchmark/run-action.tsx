import { Alert, Button, Text } from '@mantine/core'
import { IconPlayerPlayFilled } from '@tabler/icons-react'
import { type SettingName, settingOf } from '../../../shared/domain/settings/settings.js'
import type { ErrorReport } from '../../../shared/errors.js'
import { commandLine, runArguments } from '../../../shared/run/run-command.js'
import type { RunConfiguration } from '../../../shared/run/run-configuration.js'
import { errorSentences } from '../../../shared/text/error-sentences.js'
import styles from './benchmark-screen.module.css'
import { CopyAsCommand } from './copy-as-command.js'
import { ExpectedTimeLine } from './expected-time-line.js'
import { fieldId } from './setting-field.js'
import type { PlanView } from './use-plan.js'

/** The button that starts a run, with how long it takes or what keeps it from starting, and the same run as a command. */
export function RunAction(action: {
  /** Null while something is wrong with it. */
  configuration: RunConfiguration | null
  plan: PlanView
  problems: Partial<Record<SettingName, string>>
  /** Why the host refuses, where that is no one setting's fault. */
  refusal: ErrorReport | null
  isStarting: boolean
  isBusy: boolean
  isConnected: boolean
}) {
  const { configuration, plan, problems, refusal, isStarting, isBusy, isConnected } = action
  const wrong = Object.entries(problems) as [SettingName, string][]
  const isHeld = wrong.length > 0 || refusal !== null
  return (
    <div className={styles.action}>
      <Button
        type="submit"
        size="lg"
        fullWidth
        leftSection={<IconPlayerPlayFilled size={18} />}
        loading={isStarting}
        disabled={configuration === null || isHeld || isBusy || !isConnected}
      >
        Run benchmark
      </Button>
      {!isHeld && <ExpectedTimeLine view={plan} />}
      {wrong.length > 0 && (
        <div role="alert">
          <ul className={styles.problems} aria-label="What keeps it from running">
            {wrong.map(([name, problem]) => (
              <li key={name}>
                <button type="button" className={styles.problem} onClick={() => goTo(name)}>
                  {settingOf(name).label}: {problem}
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
      {isBusy && !isStarting && (
        <Text size="sm" c="dimmed" ta="center" mt={6}>
          A benchmark is running. The next can start when it has ended.
        </Text>
      )}
      {refusal !== null && (
        <Alert color="red" title="It cannot run" mt="sm" role="alert">
          {errorSentences(refusal)}
        </Alert>
      )}
      {configuration !== null && !isHeld && (
        <CopyAsCommand command={commandLine(runArguments(configuration))} />
      )}
    </div>
  )
}

/** Scrolls to a setting's field and focuses it. */
function goTo(name: SettingName): void {
  const field = document.getElementById(fieldId(name))
  field?.scrollIntoView({ block: 'center' })
  field?.focus({ preventScroll: true })
}
