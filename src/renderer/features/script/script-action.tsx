import { Alert, Button } from '@mantine/core'
import { IconPlayerPlayFilled } from '@tabler/icons-react'
import type { ErrorReport } from '../../../shared/errors.js'
import { commandLine, runArguments } from '../../../shared/run/run-command.js'
import type { RunConfiguration } from '../../../shared/run/run-configuration.js'
import { errorSentences } from '../../../shared/text/error-sentences.js'
import { useDashboard } from '../../state/dashboard.js'
import styles from '../benchmark/benchmark-screen.module.css'
import { CopyAsCommand } from '../benchmark/copy-as-command.js'
import type { PlanView } from '../benchmark/use-plan.js'

/** The button that measures a script, or what keeps it from that, and the same as a command. */
export function ScriptAction(action: {
  /** Null while a field is wrong. */
  configuration: RunConfiguration | null
  /** Which was named for it; null for none. */
  python: string | null
  plan: PlanView
  refusal: ErrorReport | null
  isStarting: boolean
  isBusy: boolean
}) {
  const { configuration, python, plan, refusal, isStarting, isBusy } = action
  const isOpen = useDashboard(({ connection }) => connection.status === 'open')
  return (
    <div className={styles.action}>
      <Button
        type="submit"
        size="lg"
        fullWidth
        leftSection={<IconPlayerPlayFilled size={18} />}
        loading={isStarting}
        disabled={configuration === null || refusal !== null || isBusy || !isOpen}
      >
        Measure the script
      </Button>
      <p className={styles.time} role="status">
        {isBusy && !isStarting
          ? 'A benchmark is running. The next can start when it has ended.'
          : configuration === null
            ? 'Correct the fields that are marked.'
            : plan.kind === 'plan' &&
              'How long it takes depends on the script. It can be stopped at any time.'}
      </p>
      {refusal !== null && (
        <Alert color="red" title="It cannot be measured" mt="sm" role="alert">
          {errorSentences(refusal)}
        </Alert>
      )}
      {configuration !== null && refusal === null && (
        <CopyAsCommand command={commandFor(configuration, python)} />
      )}
    </div>
  )
}

function commandFor(configuration: RunConfiguration, python: string | null): string {
  const [name = '', ...words] = runArguments(configuration)
  return commandLine([name, ...(python === null ? [] : ['--python', python]), ...words])
}
