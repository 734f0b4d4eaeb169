import { useDebouncedValue } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import type { RunList } from '../../../shared/contract/commands.js'
import { isActive } from '../../../shared/run/run-stage.js'
import { useDashboard, useHost } from '../../state/dashboard.js'
import { type PaletteGroup, paletteGroups } from './palette-items.js'

/** So many that the palette still shows them without scrolling. */
const mostRuns = 6

/** The palette's lines for what was typed. Runs of the words before stay until the history has answered. */
export function usePalette(search: string): PaletteGroup[] {
  const call = useHost()
  const isRunning = useDashboard(({ control }) => isActive(control.stage))
  const revision = useDashboard(({ historyRevision }) => historyRevision)
  const presentRunId = useDashboard(({ view }) => view?.run.head.runId ?? null)
  const [location] = useLocation()
  const [wanted] = useDebouncedValue(search.slice(0, 200), 80)
  const [found, setFound] = useState<RunList | null>(null)

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new revision is a reason to read again
  useEffect(() => {
    let isCurrent = true
    call('listRuns', { search: wanted, withExamples: true, offset: 0, limit: mostRuns })
      .catch(() => null)
      .then((list) => isCurrent && setFound(list))
    return () => {
      isCurrent = false
    }
  }, [wanted, revision, call])

  const [, screen, runId] = location.split('/')
  const showsRun = screen === 'results' || screen === 'live'
  const shownRunId = showsRun ? (runId ?? presentRunId) : null
  return paletteGroups({ isRunning, shownRunId, found }, search)
}
