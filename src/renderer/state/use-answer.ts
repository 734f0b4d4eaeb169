import { useEffect, useState } from 'react'
import type { CommandName, RequestOf, Responses } from '../../shared/contract/commands.js'
import { type ErrorReport, toErrorReport } from '../../shared/errors.js'
import { useDashboard, useHost } from './dashboard.js'

export type Answered<Answer> =
  | { kind: 'loading' }
  | { kind: 'error'; error: ErrorReport }
  | { kind: 'answer'; answer: Answer }

/**
 * What the host answers, asked again when the request or `occasion` changes and after each reconnection; meanwhile the
 * answer to the same request stays. The request may be a new object each time; null asks nothing.
 */
export function useAnswer<Name extends CommandName>(
  command: Name,
  request: RequestOf<Name> | null,
  occasion: string | number = '',
): Answered<Responses[Name]> {
  const call = useHost()
  const isOpen = useDashboard(({ connection }) => connection.status === 'open')
  const [read, setRead] = useState<{ asked: string; answered: Answered<Responses[Name]> } | null>(null)
  const asked = JSON.stringify(request)

  // biome-ignore lint/correctness/useExhaustiveDependencies: an occasion is a reason to ask again
  useEffect(() => {
    const wanted: RequestOf<Name> | null = JSON.parse(asked)
    if (!isOpen || wanted === null) return
    let isCurrent = true
    call(command, wanted)
      .then((answer): Answered<Responses[Name]> => ({ kind: 'answer', answer }))
      .catch((thrown): Answered<Responses[Name]> => ({ kind: 'error', error: toErrorReport(thrown) }))
      .then((answered) => isCurrent && setRead({ asked, answered }))
    return () => {
      isCurrent = false
    }
  }, [command, asked, occasion, isOpen, call])

  return read?.asked === asked ? read.answered : { kind: 'loading' }
}
