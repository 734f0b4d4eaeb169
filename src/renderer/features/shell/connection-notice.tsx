import { Alert } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useDashboard } from '../../state/dashboard.js'

/** Says so when what is shown may be old, and what happens next. */
export function ConnectionNotice() {
  const { status } = useDashboard(({ connection }) => connection)
  if (status === 'open' || status === 'connecting') return null
  const isLost = status === 'lost'
  return (
    <Alert
      role="status"
      color={isLost ? 'yellow' : 'red'}
      radius={0}
      icon={<IconPlugConnectedX />}
      title={isLost ? 'The connection to Tandem is lost' : 'Tandem was updated'}
    >
      {isLost
        ? 'It is tried again by itself, and nothing of a run is missed. If Tandem was ended in its terminal, start it again and open the address that it prints.'
        : 'Reload this page to go on.'}
    </Alert>
  )
}
