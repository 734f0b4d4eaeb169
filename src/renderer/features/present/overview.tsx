import { ActionIcon, Button, Modal, Switch, Tooltip } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import styles from './overview.module.css'
import { moveScene, type SceneName, type SceneOrder, scenes, shownScenes, toggleScene } from './scenes.js'

/** The presenter's view of all scenes: where to go, in which order they come, and which are left out. */
export function Overview({
  opened,
  order,
  current,
  onGo,
  onOrder,
  onClose,
}: {
  opened: boolean
  order: SceneOrder
  current: SceneName
  onGo(scene: SceneName): void
  onOrder(order: SceneOrder): void
  onClose(): void
}) {
  const shown = shownScenes(order)
  return (
    <Modal opened={opened} onClose={onClose} title="Scenes" size="xl" centered>
      <ol className={styles.overview}>
        {order.map(({ name, isShown }, index) => {
          const { title, purpose } = scenes[name]
          const number = shown.indexOf(name) + 1
          return (
            <li key={name} className={styles.scene} data-shown={isShown}>
              <span className={styles.number}>{isShown ? number : ''}</span>
              <span className={styles.sceneText}>
                <strong>{title}</strong>
                {purpose}
              </span>
              <Switch
                aria-label={`Show ${title}`}
                checked={isShown}
                onChange={() => onOrder(toggleScene(order, name))}
              />
              <Move
                label={`${title} earlier`}
                disabled={index === 0}
                onClick={() => onOrder(moveScene(order, name, -1))}
              >
                <IconArrowUp size={18} />
              </Move>
              <Move
                label={`${title} later`}
                disabled={index === order.length - 1}
                onClick={() => onOrder(moveScene(order, name, 1))}
              >
                <IconArrowDown size={18} />
              </Move>
              <Button
                variant={name === current ? 'filled' : 'default'}
                disabled={!isShown}
                onClick={() => onGo(name)}
              >
                {name === current ? 'Here' : 'Go'}
              </Button>
            </li>
          )
        })}
      </ol>
      <p className={styles.keys}>
        Left and right change the scene, numbers go to one, O opens this. Space plays, a full stop and a comma
        step. T changes the theme, F fills the screen, Esc leaves.
      </p>
    </Modal>
  )
}

function Move({
  label,
  disabled,
  onClick,
  children,
}: {
  label: string
  disabled: boolean
  onClick(): void
  children: React.ReactNode
}) {
  return (
    <Tooltip label={label}>
      <ActionIcon size="lg" variant="default" aria-label={label} disabled={disabled} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  )
}
