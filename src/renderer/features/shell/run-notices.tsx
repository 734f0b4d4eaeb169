import { Alert } from '@mantine/core'
import { IconAlertTriangle, IconExclamationCircle } from '@tabler/icons-react'
import type { RunHead } from '../../../shared/live/live-run.js'
import { errorSentences } from '../../../shared/text/error-sentences.js'
import { capitalised, formatCount } from '../../../shared/text/format.js'

/** What went wrong with the run itself: failures with their cause, and what could not be kept, or read. */
export function RunNotices({ head }: { head: Pick<RunHead, 'measurements' | 'warnings'> }) {
  const keptLate = head.warnings.findLastIndex(({ code }) => code === 'kept-late')
  const told = head.warnings.filter(
    ({ code }, index) => code === 'recording-gaps' || (code === 'not-kept' && index > keptLate),
  )
  return (
    <>
      {failuresOf(head).map(({ title, text, times }) => (
        <Alert
          key={`${title}: ${text}`}
          color="red"
          p="xs"
          icon={<IconExclamationCircle />}
          title={`${title} failed${times === 1 ? '' : ` ${formatCount(times)} times`}`}
        >
          {text}
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

/** Repeats that failed in the same way are told once. */
function failuresOf({ measurements }: Pick<RunHead, 'measurements'>) {
  const failures = new Map<string, { title: string; text: string; times: number }>()
  for (const { title, error } of measurements) {
    if (error === null) continue
    const text = errorSentences(error)
    const known = failures.get(`${title}: ${text}`)
    failures.set(`${title}: ${text}`, { title, text, times: (known?.times ?? 0) + 1 })
  }
  return [...failures.values()]
}
