import { useEffect, useState } from 'react'
import { type ErrorReport, toErrorReport } from '../../../shared/errors.js'
import { isActive } from '../../../shared/run/run-stage.js'
import { type CallHost, useDashboard, useHost } from '../../state/dashboard.js'
import type { RunView } from '../../state/run-view.js'
import { usePrefersStills } from '../explain/use-explained-step.js'
import { RecordingPlayer } from './recording-player.js'

export type Presented =
  | { kind: 'loading' }
  | { kind: 'none' }
  | { kind: 'error'; error: ErrorReport }
  | { kind: 'live'; view: RunView }
  | { kind: 'recording'; player: RecordingPlayer }

/**
 * What is presented: the run with this id; for null the one that is under way, else the newest of the history, else
 * the one that ships with Tandem.
 */
export function usePresentedRun(runId: string | null): Presented {
  const call = useHost()
  const inStills = usePrefersStills()
  const present = useDashboard(({ view }) => view)
  const isRunning = useDashboard(({ control }) => isActive(control.stage))
  const isOpen = useDashboard(({ connection }) => connection.status === 'open')
  const [presented, setPresented] = useState<Presented>({ kind: 'loading' })
  const live = present !== null && isRunning && (runId === null || present.run.head.runId === runId)
  // A live run that ends stays on the screen: switching to its recording is the presenter's choice.
  const [shown, setShown] = useState<RunView | null>(null)
  const view = live ? present : shown

  useEffect(() => {
    if (live) setShown(present)
  }, [live, present])

  useEffect(() => {
    if (view !== null || !isOpen) return
    let player: RecordingPlayer | null = null
    let isCurrent = true
    open(call, runId, inStills)
      .catch((thrown): Presented => ({ kind: 'error', error: toErrorReport(thrown) }))
      .then((opened) => {
        if (opened.kind === 'recording') player = opened.player
        if (!isCurrent) player?.close()
        else setPresented(opened)
      })
    return () => {
      isCurrent = false
      player?.close()
    }
  }, [view, runId, isOpen, call, inStills])

  return view === null ? presented : { kind: 'live', view }
}

async function open(call: CallHost, runId: string | null, inStills: boolean): Promise<Presented> {
  const id = runId ?? (await newest(call))
  if (id === null) return { kind: 'none' }
  const player = await RecordingPlayer.open(call, id, inStills)
  return player === null ? { kind: 'none' } : { kind: 'recording', player }
}

async function newest(call: CallHost): Promise<string | null> {
  const { runs } = await call('listRuns', { search: '', offset: 0, limit: 1 })
  const [run = (await call('listExamples', {}))[0]] = runs
  return run?.runId ?? null
}
