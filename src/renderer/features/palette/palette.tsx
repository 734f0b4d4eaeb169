import { Alert, Modal, useMantineColorScheme } from '@mantine/core'
import { Command } from 'cmdk'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { assertNever } from '../../../shared/errors.js'
import { presets } from '../../../shared/run/presets.js'
import { errorSentences } from '../../../shared/text/error-sentences.js'
import { useCommand } from '../../state/use-command.js'
import { useAskToStop } from '../shell/stop-question.js'
import styles from './palette.module.css'
import type { PaletteAction } from './palette-items.js'
import { usePalette } from './use-palette.js'

interface PaletteProps {
  opened: boolean
  onClose(): void
  showShortcuts(): void
}

/** Whatever the dashboard can do, by typing a part of its name. */
export function Palette({ opened, onClose, showShortcuts }: PaletteProps) {
  return (
    // What was chosen may have focused something of its own.
    <Modal.Root opened={opened} onClose={onClose} size="lg" yOffset="12vh" returnFocus={false}>
      <Modal.Overlay />
      <Modal.Content aria-label="Command palette">
        <Lines onClose={onClose} showShortcuts={showShortcuts} />
      </Modal.Content>
    </Modal.Root>
  )
}

function Lines({ onClose, showShortcuts }: Omit<PaletteProps, 'opened'>) {
  const [search, setSearch] = useState('')
  const [chosen, setChosen] = useState('')
  const groups = usePalette(search)
  // Lines come and go while one types; Enter always means the one that is marked.
  const ids = groups.flatMap(({ items }) => items.map(({ id }) => id))
  const marked = ids.includes(chosen) ? chosen : (ids[0] ?? '')
  const { act, error } = usePaletteAction({ onClose, showShortcuts })
  return (
    <Command
      label="Command palette"
      shouldFilter={false}
      loop
      value={marked}
      onValueChange={setChosen}
      className={styles.palette}
    >
      <Command.Input
        autoFocus
        value={search}
        onValueChange={(text) => {
          setSearch(text)
          setChosen('')
        }}
        placeholder="A screen, a benchmark, a run"
        className={styles.input}
      />
      {error !== null && (
        <Alert color="red" radius={0} title="It did not start" role="alert">
          {errorSentences(error)}
        </Alert>
      )}
      <Command.List label="Results" className={styles.list}>
        <Command.Empty className={styles.empty}>Nothing has all of these words</Command.Empty>
        {groups.map(({ title, items }) => (
          <Command.Group key={title} heading={title} className={styles.group}>
            {items.map((item) => (
              <Command.Item
                key={item.id}
                value={item.id}
                className={styles.item}
                onSelect={() => void act(item.action)}
              >
                <span className={styles.title}>{item.title}</span>
                <span className={styles.detail}>{item.detail}</span>
              </Command.Item>
            ))}
          </Command.Group>
        ))}
      </Command.List>
    </Command>
  )
}

/** Does what was chosen and closes; stays open where a benchmark did not start, and says why. */
function usePaletteAction({ onClose, showShortcuts }: Omit<PaletteProps, 'opened'>) {
  const [, navigate] = useLocation()
  const { setColorScheme } = useMantineColorScheme()
  const askToStop = useAskToStop()
  const start = useCommand('startRun')
  const act = async (action: PaletteAction): Promise<void> => {
    switch (action.kind) {
      case 'go':
        navigate(action.path)
        break
      case 'start':
        if ((await start.run({ configuration: presets[action.preset] })) === null) return
        navigate('/live')
        break
      case 'stop':
        askToStop()
        break
      case 'theme':
        setColorScheme(action.scheme)
        break
      case 'shortcuts':
        showShortcuts()
        break
      default:
        assertNever(action, 'action of the palette')
    }
    onClose()
  }
  return { act, error: start.error }
}
