import { Alert } from '@mantine/core'
import { IconAlertTriangle, IconExclamationCircle } from '@tabler/icons-react'
import type { RunHead } from '../../../shared/live/live-run.js'

/** What a reader must know before the figures: failures with their cause, and warnings. */
export function RunNotices({ head }: { head: Pick<RunHead, 'measurements' | 'warnings'> }) {
  const failed = head.measurements.filter(({ error }) => error !== null)
  return (
    <>
      {failed.map(({ id, title, error }) => (
        <Alert key={id} color="red" p="xs" icon={<IconExclamationCircle />} title={`${title} failed`}>
          {error?.message}. {error?.hint}
        </Alert>
      ))}
      {head.warnings.map(({ text }) => (
        <Alert key={text} color="yellow" p="xs" icon={<IconAlertTriangle />}>
          {text}
        </Alert>
      ))}
    </>
  )
}
