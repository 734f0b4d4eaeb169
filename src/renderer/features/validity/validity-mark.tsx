import { ThemeIcon, Tooltip } from '@mantine/core'
import { IconAlertTriangle, IconBan, IconCheck, IconRefreshAlert } from '@tabler/icons-react'
import { assertNever } from '../../../shared/errors.js'
import type { Badge } from '../../../shared/validity/finding.js'
import { badgeColours } from './badge-style.js'

/** A badge as a small sign, its words on hover and for screen readers. */
export function ValidityMark({ badge, words }: { badge: Badge; words: string }) {
  return (
    <Tooltip label={words}>
      <ThemeIcon
        variant="light"
        color={badgeColours[badge]}
        size="sm"
        radius="xl"
        role="img"
        aria-label={words}
      >
        <Sign badge={badge} />
      </ThemeIcon>
    </Tooltip>
  )
}

function Sign({ badge }: { badge: Badge }) {
  switch (badge) {
    case 'valid':
      return <IconCheck size={13} />
    case 'valid-with-warnings':
      return <IconAlertTriangle size={13} />
    case 'unreliable':
      return <IconRefreshAlert size={13} />
    case 'not-comparable':
      return <IconBan size={13} />
    default:
      return assertNever(badge, 'badge')
  }
}
