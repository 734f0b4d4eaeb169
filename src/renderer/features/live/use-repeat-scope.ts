import { useCallback } from 'react'
import type { LiveRun } from '../../../shared/live/live-run.js'
import { useFrames } from '../../charts/use-frames.js'
import type { RunView } from '../../state/run-view.js'
import { type RepeatScope, readRepeatScope } from './repeat-scope.js'

/** Which repeats there are to show, as the run goes on. */
export function useRepeatScope(view: RunView, picked: number | null): RepeatScope {
  const read = useCallback((run: LiveRun) => readRepeatScope(run, picked), [picked])
  return useFrames(view, read)
}
