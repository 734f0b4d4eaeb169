import { useDebouncedValue } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import type { RequestOf, RunList } from '../../../shared/contract/commands.js'
import { type ErrorReport, toErrorReport } from '../../../shared/errors.js'
import { useDashboard, useHost } from '../../state/dashboard.js'

export const pageSize = 50
/** A terminal may write runs too, which nobody tells this host. */
const lookAgainMs = 4_000

/** What is asked of the list: the words, filters and order of the request, and which page of it, from 1. */
export interface ListedRuns extends Pick<RequestOf<'listRuns'>, 'search' | 'filters' | 'sort'> {
  page: number
}

/** The runs that are asked for, read again when the history changes and now and then. */
export function useRunList(asked: ListedRuns): { list: RunList | null; error: ErrorReport | null } {
  const call = useHost()
  const [wanted] = useDebouncedValue(JSON.stringify(asked), 120)
  const [list, setList] = useState<RunList | null>(null)
  const [error, setError] = useState<ErrorReport | null>(null)
  const revision = useDashboard(({ historyRevision }) => historyRevision)
  const isOpen = useDashboard(({ connection }) => connection.status === 'open')

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new revision is a reason to read again
  useEffect(() => {
    if (!isOpen) return
    let isCurrent = true
    const read = async (): Promise<void> => {
      const { page, ...arrangement } = JSON.parse(wanted) as ListedRuns
      const offset = (page - 1) * pageSize
      try {
        const found = await call('listRuns', { ...arrangement, withExamples: true, offset, limit: pageSize })
        if (!isCurrent) return
        setList(found)
        setError(null)
      } catch (thrown) {
        if (isCurrent) setError(toErrorReport(thrown))
      }
    }
    void read()
    const timer = setInterval(read, lookAgainMs)
    return () => {
      isCurrent = false
      clearInterval(timer)
    }
  }, [wanted, revision, isOpen, call])

  return { list, error }
}
