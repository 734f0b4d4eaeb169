import { Alert, Button, Group, Modal, Text } from '@mantine/core'
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react'
import { isActive } from '../../../shared/run/run-stage.js'
import { errorSentences } from '../../../shared/text/error-sentences.js'
import { useDashboard } from '../../state/dashboard.js'
import { useCommand } from '../../state/use-command.js'

const AskToStop = createContext<() => void>(() => {})

/** Asks whether the run that is under way is to be stopped: one stray key must not end a demonstration. */
export function useAskToStop(): () => void {
  return useContext(AskToStop)
}

/** Holds the question for everything within it. It goes by itself when the run ends meanwhile. */
export function StopQuestion({ children }: { children: ReactNode }) {
  const [isAsked, setAsked] = useState(false)
  const isRunning = useDashboard(({ control }) => isActive(control.stage) && !control.stopping)
  const stop = useCommand('stopRun')
  const ask = useCallback(() => setAsked(true), [])
  const close = (): void => {
    stop.clearError()
    setAsked(false)
  }
  const confirm = async (): Promise<void> => {
    if ((await stop.run({})) !== null) close()
  }
  if (isAsked && !isRunning) setAsked(false)
  return (
    <AskToStop.Provider value={ask}>
      {children}
      <Modal opened={isAsked && isRunning} onClose={close} title="Stop the benchmark?" centered>
        <Text size="sm">What was measured so far is kept.</Text>
        {stop.error !== null && (
          <Alert color="red" mt="sm" role="alert">
            {errorSentences(stop.error)}
          </Alert>
        )}
        <Group justify="flex-end" mt="md">
          <Button variant="default" data-autofocus onClick={close}>
            Keep running
          </Button>
          <Button color="red" loading={stop.isRunning} onClick={() => void confirm()}>
            Stop
          </Button>
        </Group>
      </Modal>
    </AskToStop.Provider>
  )
}
