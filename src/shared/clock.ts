/** Milliseconds since the Unix epoch from a clock that never jumps: comparable between processes of a machine. */
export function monotonicNowMs(): number {
  return performance.timeOrigin + performance.now()
}
