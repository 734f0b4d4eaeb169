import { Alert, Button, Group, Modal, Text } from '@mantine/core'
import { useCommand } from '../../state/use-command.js'

/** Asks before a run is gone for good. */
export function DeleteDialog({ runId, onClose }: { runId: string | null; onClose(): void }) {
  const { run, isRunning, error, clearError } = useCommand('deleteRun')
  const close = (): void => {
    clearError()
    onClose()
  }
  const remove = async (): Promise<void> => {
    if (runId === null) return
    if ((await run({ runId })) !== null) close()
  }
  return (
    <Modal
      opened={runId !== null}
      onClose={close}
      title="Delete this run?"
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Text size="sm">Its figures, its recording and its logs are removed from this machine.</Text>
      {error !== null && (
        <Alert color="red" mt="sm" role="alert">
          {error.message}. {error.hint}
        </Alert>
      )}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={close} data-autofocus>
          Keep it
        </Button>
        <Button color="red" loading={isRunning} onClick={() => void remove()}>
          Delete
        </Button>
      </Group>
    </Modal>
  )
}
