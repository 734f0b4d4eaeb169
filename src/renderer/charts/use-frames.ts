import { useEffect, useState } from 'react'
import type { LiveRun } from '../../shared/live/live-run.js'
import type { RunView } from '../state/run-view.js'

/** The page shares the machine with the training that it shows. */
const redrawEveryMs = 100

/**
 * What `read` makes of the run, made anew when the run has changed: ten times a second at most, in an animation
 * frame, and not at all while the page is hidden. Another `read` is another subscription: keep it the same.
 */
export function useFrames<Value>(view: RunView, read: (run: LiveRun) => Value): Value {
  const [value, setValue] = useState(() => read(view.run))

  useEffect(() => {
    let frame = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    let drawnAtMs = 0
    const draw = (): void => {
      frame = 0
      drawnAtMs = performance.now()
      setValue(read(view.run))
    }
    const schedule = (): void => {
      if (frame !== 0 || timer !== undefined) return
      const waitMs = redrawEveryMs - (performance.now() - drawnAtMs)
      timer = setTimeout(
        () => {
          timer = undefined
          frame = requestAnimationFrame(draw)
        },
        Math.max(0, waitMs),
      )
    }
    setValue(read(view.run))
    const unsubscribe = view.subscribe(schedule)
    return () => {
      unsubscribe()
      clearTimeout(timer)
      cancelAnimationFrame(frame)
    }
  }, [view, read])

  return value
}
