import { Button } from '@mantine/core'
import { IconFlag } from '@tabler/icons-react'
import { Link } from 'wouter'

/** To a race of two runs, of one machine or two; nothing for more of them. */
export function RaceLink({ runIds }: { runIds: readonly string[] }) {
  const [one, other, ...more] = runIds
  if (one === undefined || other === undefined || more.length > 0) return null
  return (
    <Button
      variant="default"
      leftSection={<IconFlag size={16} />}
      component={Link}
      href={`/present/${one}/${other}`}
    >
      Race
    </Button>
  )
}
