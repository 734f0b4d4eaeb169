/** `read`, at most once in `everyMs`; in between, what it last gave. For sources that cost more than they change. */
export function rarely<T>(everyMs: number, read: () => T): (nowMs: number) => T {
  let last: { atMs: number; value: T } | null = null
  return (nowMs) => {
    if (last === null || nowMs - last.atMs >= everyMs) last = { atMs: nowMs, value: read() }
    return last.value
  }
}
