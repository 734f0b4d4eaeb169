import { Center, Stack, Text, Title } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import type { ErrorReport } from '../../../shared/errors.js'

/** In place of the dashboard, for a page that its host has not let in yet: why, and what to do. */
export function TurnedAway({ error }: { error: ErrorReport }) {
  return (
    <Center component="main" mih="100vh" p="xl">
      <Stack align="center" gap="sm" maw={560} role="status">
        <IconLock size={40} aria-hidden="true" />
        <Title order={1} ta="center">
          {error.message}
        </Title>
        <Text ta="center" size="lg">
          {error.hint}
        </Text>
      </Stack>
    </Center>
  )
}
