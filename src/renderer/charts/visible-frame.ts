/**
 * Calls back with the next frame; of a page that is hidden, with the first one after it is seen again, and nothing runs
 * until then.
 *
 * @returns takes the request back
 */
export function requestVisibleFrame(callback: FrameRequestCallback): () => void {
  let frame: number | null = null
  const cancelWaiting = whenSeen(() => {
    frame = requestAnimationFrame(callback)
  })
  return () => {
    cancelWaiting()
    if (frame !== null) cancelAnimationFrame(frame)
  }
}

/** Calls back at once, or as soon as the page is seen again. Returns what takes the request back. */
export function whenSeen(callback: () => void): () => void {
  if (typeof document === 'undefined' || !document.hidden) {
    callback()
    return () => {}
  }
  const look = (): void => {
    if (document.hidden) return
    document.removeEventListener('visibilitychange', look)
    callback()
  }
  document.addEventListener('visibilitychange', look)
  return () => document.removeEventListener('visibilitychange', look)
}
