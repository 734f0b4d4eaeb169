import { Badge, Button, Group, Popover, Progress, Stack, Text, UnstyledButton } from '@mantine/core'
import { assertNever } from '../../../shared/errors.js'
import type { EngineState } from '../../../shared/machine/engine-state.js'
import { errorSentences } from '../../../shared/text/error-sentences.js'
import { useDashboard, useHost } from '../../state/dashboard.js'
import styles from './engine-badge.module.css'

/** Which engine a run would compute with; a click says more and offers what can be done. */
export function EngineBadge() {
  const engine = useDashboard((state) => state.engine)
  const { label, color } = badgeOf(engine)
  return (
    <Popover width={380} position="bottom-end" withArrow shadow="md">
      <Popover.Target>
        <UnstyledButton aria-label={`Engine: ${label}`}>
          <Badge variant="dot" color={color} size="lg" tt="none" fw={500}>
            <span className={styles.name}>{label}</span>
          </Badge>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <EngineDetails engine={engine} />
      </Popover.Dropdown>
    </Popover>
  )
}

function badgeOf(engine: EngineState): { label: string; color: string } {
  switch (engine.status) {
    case 'searching':
      return { label: 'Looking for TensorFlow', color: 'gray' }
    case 'ready':
      return {
        label: `TensorFlow ${engine.version ?? ''} ${engine.flavour === 'cuda' ? 'CUDA' : 'CPU'}`,
        color: 'teal',
      }
    case 'installing': {
      const share = engine.share === null ? '' : ` ${Math.round(engine.share * 100)} %`
      return { label: `Installing TensorFlow${share}`, color: 'blue' }
    }
    case 'missing':
    case 'install-failed':
      return { label: 'WebAssembly', color: 'yellow' }
    default:
      return assertNever(engine, 'state of the engine')
  }
}

/** What is known of the engine, with what can be done about it. */
export function EngineDetails({ engine }: { engine: EngineState }) {
  const call = useHost()
  const ask = (command: 'installEngine' | 'cancelInstall') => () => void call(command, {}).catch(() => {})
  switch (engine.status) {
    case 'searching':
      return <Text size="sm">Looking for TensorFlow on this machine.</Text>
    case 'ready':
      return <Text size="sm">{engine.description}</Text>
    case 'installing':
      return (
        <Stack gap="xs">
          <Text size="sm">{engine.progress}</Text>
          <Progress value={(engine.share ?? 0) * 100} animated={engine.share === null} aria-label="Install" />
          <Group justify="space-between">
            <Text size="xs" c="dimmed">
              A run that starts now computes on WebAssembly.
            </Text>
            <Button size="xs" variant="default" onClick={ask('cancelInstall')}>
              Cancel
            </Button>
          </Group>
        </Stack>
      )
    case 'missing':
    case 'install-failed':
      return (
        <Stack gap="xs">
          <Text size="sm">
            Runs compute on WebAssembly, in fp32 and on one thread a device: slower, but everything works.
          </Text>
          <Text size="sm" c="dimmed">
            {engine.status === 'missing' ? `No TensorFlow: ${engine.why}.` : errorSentences(engine.error)}
          </Text>
          <Button size="xs" onClick={ask('installEngine')}>
            Install TensorFlow
          </Button>
        </Stack>
      )
    default:
      return assertNever(engine, 'state of the engine')
  }
}
