import { Button, Group, Text } from '@mantine/core'
import { IconPlayerStopFilled } from '@tabler/icons-react'
import { Link, useLocation } from 'wouter'
import { isActive } from '../../../shared/run/run-stage.js'
import { useDashboard, useHost } from '../../state/dashboard.js'
import { remainingText } from './remaining-text.js'
import styles from './run-bar.module.css'
import { stageText } from './stage-text.js'
import { useAskToStop } from './stop-question.js'

/** While something runs: what it is at, how long it will take, and the button that ends it. On every screen. */
export function RunBar() {
  const isCountdown = useDashboard(({ control }) => control.stage.kind === 'countdown')
  const isShown = useDashboard(({ control }) => isActive(control.stage)) || isCountdown
  const stopping = useDashboard(({ control }) => control.stopping)
  const what = useDashboard(({ control }) => stageText(control.stage))
  const remaining = useDashboard(({ control }) => remainingText(control.remainingSeconds))
  const askToStop = useAskToStop()
  const call = useHost()
  const [location] = useLocation()
  if (!isShown) return null
  return (
    <div className={styles.bar}>
      <Group gap="sm" wrap="nowrap" className={styles.what}>
        <span className={styles.mark} aria-hidden="true" />
        <Text size="sm" fw={600} truncate role="status">
          {stopping ? 'Stopping' : what}
        </Text>
        {!isCountdown && !location.startsWith('/live') && (
          <Link href="/live" className={styles.link}>
            Watch it live
          </Link>
        )}
      </Group>
      <Text size="sm" className={styles.remaining}>
        {remaining}
      </Text>
      <Button
        size="xs"
        variant="light"
        color="red"
        leftSection={<IconPlayerStopFilled size={14} />}
        disabled={stopping}
        onClick={isCountdown ? () => void call('stopRun', {}).catch(() => {}) : askToStop}
      >
        {isCountdown ? 'Cancel' : 'Stop'}
      </Button>
    </div>
  )
}
