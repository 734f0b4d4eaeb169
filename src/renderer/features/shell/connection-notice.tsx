import { Alert } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { assertNever } from '../../../shared/errors.js'
import type { Connection } from '../../host/host-client.js'
import { useDashboard } from '../../state/dashboard.js'

/** Says so when what is shown may be old, and what happens next. */
export function ConnectionNotice() {
  const connection = useDashboard((state) => state.connection)
  const notice = noticeOf(connection)
  if (notice === null) return null
  const { color, title, text } = notice
  return (
    <Alert role="status" color={color} radius={0} icon={<IconPlugConnectedX />} title={title}>
      {text}
    </Alert>
  )
}

interface Notice {
  color: 'yellow' | 'red'
  title: string
  text: string
}

function noticeOf(connection: Connection): Notice | null {
  switch (connection.status) {
    case 'open':
    case 'connecting':
      return null
    case 'lost':
      return {
        color: 'yellow',
        title: 'The connection to Tandem is lost',
        text: 'It is tried again by itself, and nothing of a run is missed. If Tandem was ended in its terminal, start it again and open the address that it prints.',
      }
    case 'turned-away':
      return { color: 'red', title: connection.error.message, text: connection.error.hint }
    case 'incompatible':
      return { color: 'red', title: 'Tandem was updated', text: 'Reload this page to go on.' }
    default:
      return assertNever(connection, 'state of the connection')
  }
}
