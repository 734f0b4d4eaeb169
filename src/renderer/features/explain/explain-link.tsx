import { Button } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { Link } from 'wouter'
import type { RunHead } from '../../../shared/live/live-run.js'

/** To Explain, once a measurement of the run is done: its steps are kept from then on. */
export function ExplainLink({ head }: { head: RunHead }) {
  if (!head.measurements.some(({ status }) => status === 'completed')) return null
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconPlayerPlay size={14} />}
      component={Link}
      href={`/explain/${head.runId}`}
    >
      Explain
    </Button>
  )
}
