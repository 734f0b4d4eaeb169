import { Button, CopyButton } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'

/** Takes what a form says to a terminal, as the command that does the same. */
export function CopyAsCommand({ command }: { command: string }) {
  return (
    <CopyButton value={command}>
      {({ copied, copy }) => (
        <Button
          variant="subtle"
          size="xs"
          fullWidth
          mt={6}
          leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          onClick={copy}
        >
          {copied ? 'Copied' : 'Copy as command'}
        </Button>
      )}
    </CopyButton>
  )
}
