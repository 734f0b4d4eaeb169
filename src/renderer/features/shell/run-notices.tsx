import { Alert } from '@mantine/core'
import { IconAlertTriangle, IconExclamationCircle } from '@tabler/icons-react'
import type { RunHead } from '../../../shared/live/live-run.js'
import { errorSentences } from '../../../shared/text/error-sentences.js'
import { capitalised } from '../../../shared/text/format.js'

/** What went wrong with the run itself: failures with their cause, and what could not be kept, or read. */
export function RunNotices({ head }: { head: Pick<RunHead, 'measurements' | 'warnings'> }) {
  const failed = head.measurements.filter(({ error }) => error !== null)
  const keptLate = head.warnings.findLastIndex(({ code }) => code === 'kept-late')
  const told = head.warnings.filter(
    ({ code }, index) => code === 'recording-gaps' || (code === 'not-kept' && index > keptLate),
  )
  return (
    <>
      {failed.map(({ id, title, error }) => (
        <Alert key={id} color="red" p="xs" icon={<IconExclamationCircle />} title={`${title} failed`}>
          {error && errorSentences(error)}
        </Alert>
      ))}
      {told.map(({ text }) => (
        <Alert key={text} color="yellow" p="xs" icon={<IconAlertTriangle />}>
          {capitalised(text)}.
        </Alert>
      ))}
    </>
  )
}
