import { Alert, Group } from '@mantine/core'
import type { ReactNode } from 'react'
import styles from './history-screen.module.css'

interface NoticeProps {
  color: 'gray' | 'red'
  children: ReactNode
  action?: ReactNode
  onClose(): void
}

/** One line on what was just done, with what may be done about it. */
export function Notice({ color, children, action, onClose }: NoticeProps) {
  return (
    <Alert
      color={color}
      variant={color === 'red' ? 'light' : 'default'}
      className={styles.notice ?? ''}
      data-error={color === 'red'}
      p="xs"
      withCloseButton
      closeButtonLabel="Dismiss"
      onClose={onClose}
      role={color === 'red' ? 'alert' : 'status'}
    >
      <Group gap="sm">
        <div>{children}</div>
        {action}
      </Group>
    </Alert>
  )
}
