import { useDebouncedValue } from '@mantine/hooks'
import { useCallback, useEffect, useState } from 'react'
import type { RunList } from '../../../shared/contract/commands.js'
import { type ErrorReport, toErrorReport } from '../../../shared/errors.js'
import { useDashboard, useHost } from '../../state/dashboard.js'

const pageSize = 50
/** A terminal may write runs too, which nobody tells this host. */
const lookAgainMs = 4_000

/** The runs that a search finds, read again when the history changes and now and then. */
export function useRunList(search: string) {
  const call = useHost()
  const [wanted] = useDebouncedValue(search, 120)
  const [limit, setLimit] = useState(pageSize)
  const [list, setList] = useState<RunList | null>(null)
  const [error, setError] = useState<ErrorReport | null>(null)
  const revision = useDashboard(({ historyRevision }) => historyRevision)
  const isOpen = useDashboard(({ connection }) => connection.status === 'open')

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new revision is a reason to read again
  useEffect(() => {
    if (!isOpen) return
    let isCurrent = true
    const read = async (): Promise<void> => {
      try {
        const found = await call('listRuns', { search: wanted, offset: 0, limit })
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
  }, [wanted, limit, revision, isOpen, call])

  const showMore = useCallback(() => setLimit((before) => Math.min(200, before + pageSize)), [])
  return { list, error, showMore }
}
