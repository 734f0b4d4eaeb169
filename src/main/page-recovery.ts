/** So many crashes within so long are no accident any more. */
const crashLimit = 3
const withinMs = 60_000

/**
 * What to do each time that the page's process is gone: the page is loaded again, which costs nothing, since runs go
 * on without it. One that keeps crashing would only keep the machine busy.
 */
export function createPageRecovery(nowMs = (): number => performance.now()): () => 'reload' | 'give-up' {
  let crashes: number[] = []
  return () => {
    const now = nowMs()
    crashes = [...crashes.filter((at) => now - at < withinMs), now]
    return crashes.length > crashLimit ? 'give-up' : 'reload'
  }
}
