import { Button, CopyButton } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import styles from './script-screen.module.css'

/** A command for a terminal: to be read before it is taken there. */
export function CommandToCopy({ command }: { command: string }) {
  return (
    <CopyButton value={command}>
      {({ copied, copy }) => (
        <div className={styles.command}>
          <code>{command}</code>
          <Button
            size="xs"
            variant="subtle"
            leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            onClick={copy}
          >
            {copied ? 'Copied' : 'Copy'}
          </Button>
        </div>
      )}
    </CopyButton>
  )
}
