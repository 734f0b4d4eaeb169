import { Alert, Button, Group, Text } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useLocation } from 'wouter'
import type { RunHead } from '../../../shared/live/live-run.js'
import type { StrategyResult } from '../../../shared/results/strategy-results.js'
import { againRepeats, measureAgain } from '../../../shared/run/measure-again.js'
import { isActive } from '../../../shared/run/run-stage.js'
import { errorSentences } from '../../../shared/text/error-sentences.js'
import { formatRoughDuration } from '../../../shared/text/format.js'
import type { RunValidity } from '../../../shared/validity/judge-run.js'
import { useDashboard } from '../../state/dashboard.js'
import { useCommand } from '../../state/use-command.js'

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
  const why = reason(head, results, validity)
  if (why === null) return null
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

/** Null where nothing is left open, or the run goes on. */
function reason(
  { status }: RunHead,
  results: readonly StrategyResult[],
  { badge }: RunValidity,
): string | null {
  if (status === 'incomplete') return null
  if (badge === 'unreliable') return 'Figures in grey are not to be relied on.'
  const isOpen = results.some(
    ({ answer }) => answer?.comparison.kind === 'compared' && answer.comparison.verdict.kind === 'undecided',
  )
  return isOpen ? 'More repeats make the interval narrower.' : null
}
