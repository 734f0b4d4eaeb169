import { Alert, Button, Group, Text } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useLocation } from 'wouter'
import type { RunHead } from '../../../shared/live/live-run.js'
import type { StrategyResult } from '../../../shared/results/strategy-results.js'
import { againRepeats, measureAgain } from '../../../shared/run/measure-again.js'
import { commandLine, runArguments } from '../../../shared/run/run-command.js'
import { isActive } from '../../../shared/run/run-stage.js'
import { unlikeOffered } from '../../../shared/script/offered-script.js'
import { errorSentences } from '../../../shared/text/error-sentences.js'
import { formatRoughDuration } from '../../../shared/text/format.js'
import type { RunValidity } from '../../../shared/validity/judge-run.js'
import { useDashboard } from '../../state/dashboard.js'
import { useCommand } from '../../state/use-command.js'
import { CommandToCopy } from '../script/command-to-copy.js'

interface MeasureAgainProps {
  head: RunHead
  results: readonly StrategyResult[]
  validity: RunValidity
}

/** One button where figures are not to be relied on, or a verdict is open: five repeats of the same, and what they take. */
export function MeasureAgain({ head, results, validity }: MeasureAgainProps) {
  const [, navigate] = useLocation()
  const start = useCommand('startRun')
  const isBusy = useDashboard(({ control }) => isActive(control.stage))
  const offered = useDashboard(({ offeredScript }) => offeredScript)
  const { script } = head.configuration
  const isOffered = script !== undefined && offered !== null && unlikeOffered(script, offered.script) === null
  const why = reason(head, results, validity, isOffered)
  if (why === null) return null
  if (script !== undefined && !isOffered) return <InTerminal head={head} why={why} />
  const { configuration, seconds } = measureAgain(head)
  const time = seconds === null ? '' : `, about ${formatRoughDuration(seconds)}`
  const again = async (): Promise<void> => {
    if ((await start.run({ configuration })) !== null) navigate('/live')
  }
  return (
    <Group gap="sm" align="center">
      <Button
        leftSection={<IconRefresh size={16} />}
        onClick={() => void again()}
        loading={start.isRunning}
        disabled={isBusy}
      >
        Measure again, {againRepeats} repeats{time}
      </Button>
      <Text size="sm" c="dimmed">
        {isBusy ? 'A benchmark is under way; this can start when it has ended.' : why}
      </Text>
      {start.error !== null && (
        <Alert color="red" title="It did not start" role="alert">
          {errorSentences(start.error)}
        </Alert>
      )}
    </Group>
  )
}

/** Of a script that was not named to this dashboard: the command that measures it again, in one that it is named to. */
function InTerminal({ head, why }: { head: RunHead; why: string }) {
  const [, ...words] = runArguments(measureAgain(head).configuration)
  return (
    <div>
      <Text size="sm" c="dimmed" mb={6}>
        {why} A script is named in a terminal, not by a page:
      </Text>
      <CommandToCopy command={commandLine(['measure', '--dashboard', ...words])} />
    </div>
  )
}

/** Null where nothing is left open, or the run goes on. A script is measured again after it was changed, whatever came of it. */
function reason(
  { status }: RunHead,
  results: readonly StrategyResult[],
  { badge }: RunValidity,
  isOfferedScript: boolean,
): string | null {
  if (status === 'incomplete') return null
  if (badge === 'unreliable') return 'Figures in grey are not to be relied on.'
  const isOpen = results.some(
    ({ answer }) => answer?.comparison.kind === 'compared' && answer.comparison.verdict.kind === 'undecided',
  )
  if (isOpen) return 'More repeats make the interval narrower.'
  return isOfferedScript ? 'The same script, as it is now.' : null
}
