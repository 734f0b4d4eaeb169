import { Kbd, Modal, Table } from '@mantine/core'
import { screens } from '../../../shared/screens.js'
import { shortcuts } from './use-shortcuts.js'

export function ShortcutsDialog({ opened, onClose }: { opened: boolean; onClose(): void }) {
  const rows = [
    ...screens.map(({ key, title }) => ({ keys: [key.toUpperCase()], title: `To ${title}` })),
    ...shortcuts,
  ]
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Keyboard shortcuts"
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Table aria-label="Keyboard shortcuts">
        <Table.Tbody>
          {rows.map(({ keys, title }) => (
            <Table.Tr key={title}>
              <Table.Td w={90}>
                {keys.map((key) => (
                  <Kbd key={key}>{key}</Kbd>
                ))}
              </Table.Td>
              <Table.Td>{title}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  )
}
