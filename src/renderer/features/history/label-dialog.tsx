import { Alert, Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type HistoryEntry, longestName, longestNotes } from '../../../shared/results/history-entry.js'
import { runTitle } from '../../../shared/run/run-title.js'
import { errorSentences } from '../../../shared/text/error-sentences.js'
import { useCommand } from '../../state/use-command.js'

/** Names a run and writes notes on it. */
export function LabelDialog({
  run,
  onClose,
}: {
  run: Pick<HistoryEntry, 'runId' | 'label' | 'configuration'> | null
  onClose(): void
}) {
  return (
    <Modal
      opened={run !== null}
      onClose={onClose}
      title="Name and notes"
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {run !== null && <LabelForm key={run.runId} run={run} onClose={onClose} />}
    </Modal>
  )
}

function LabelForm({
  run: { runId, label, configuration },
  onClose,
}: {
  run: Pick<HistoryEntry, 'runId' | 'label' | 'configuration'>
  onClose(): void
}) {
  const [name, setName] = useState(label.name ?? '')
  const [notes, setNotes] = useState(label.notes)
  const { run: save, isRunning, error } = useCommand('labelRun')
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if ((await save({ runId, name, notes })) !== null) onClose()
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="sm">
        <TextInput
          label="Name"
          placeholder={runTitle({ configuration })}
          maxLength={longestName}
          data-autofocus
          value={name}
          onChange={({ currentTarget: { value } }) => setName(value)}
        />
        <Textarea
          label="Notes"
          autosize
          minRows={3}
          maxRows={12}
          maxLength={longestNotes}
          value={notes}
          onChange={({ currentTarget: { value } }) => setNotes(value)}
        />
        {error !== null && (
          <Alert color="red" role="alert">
            {errorSentences(error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isRunning}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
