import { isEqual } from 'es-toolkit'
import { useEffect, useState } from 'react'
import type { LiveRun } from '../../shared/live/live-run.js'
import type { RunView } from '../state/run-view.js'

/**
 * What `read` makes of the run, made anew in the view's frames when the run has changed; the value from before where
 * it equals that, so that what stands still is not drawn again. Another `read` is another subscription: keep it the same.
 */
export function useFrames<Value>(view: RunView, read: (run: LiveRun) => Value): Value {
  const [value, setValue] = useState(() => read(view.run))

  useEffect(() => {
    const draw = (): void => {
      const now = read(view.run)
      setValue((before) => (isEqual(before, now) ? before : now))
    }
    draw()
    return view.frames.subscribe(draw)
  }, [view, read])

  return value
}
