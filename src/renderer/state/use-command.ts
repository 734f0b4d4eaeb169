import { useCallback, useState } from 'react'
import type { CommandName, RequestOf, Responses } from '../../shared/contract/commands.js'
import { type ErrorReport, toErrorReport } from '../../shared/errors.js'
import { useHost } from './dashboard.js'

export interface CommandUse<Name extends CommandName> {
  /** Resolves with the answer; null where it was refused, which `error` then tells. */
  run(request: RequestOf<Name>): Promise<{ response: Responses[Name] } | null>
  isRunning: boolean
  error: ErrorReport | null
  clearError(): void
}

/** One command as a form or a button uses it: whether it is under way, and what was wrong with it. */
export function useCommand<Name extends CommandName>(command: Name): CommandUse<Name> {
  const call = useHost()
  const [isRunning, setRunning] = useState(false)
  const [error, setError] = useState<ErrorReport | null>(null)
  const run = useCallback(
    async (request: RequestOf<Name>): Promise<{ response: Responses[Name] } | null> => {
      setRunning(true)
      setError(null)
      try {
        return { response: await call(command, request) }
      } catch (thrown) {
        setError(toErrorReport(thrown))
        return null
      } finally {
        setRunning(false)
      }
    },
    [call, command],
  )
  const clearError = useCallback(() => setError(null), [])
  return { run, isRunning, error, clearError }
}
