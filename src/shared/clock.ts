/*
 * One clock for all processes of a run: the system's monotonic one, which they share, put into milliseconds since the Unix
 * epoch by an offset that the host chooses and hands to its children. So nothing that somebody does to the wall clock
 * between the starts of two of them sets them apart.
 */

/** In the environment of every child: the offset of its host. */
export const clockOffsetVariable = 'TANDEM_CLOCK_OFFSET_MS'

let offsetMs = offsetOfHost() ?? offsetOfProcess()

/** Milliseconds since the Unix epoch from a clock that never jumps: comparable between processes of a machine. */
export function monotonicNowMs(): number {
  return offsetMs + systemMs()
}

/** The same moment as a reading of `performance.now()` in this process. */
export function monotonicMsOf(performanceMs: number): number {
  // In this order: what the two readings lie apart makes a moment later, never earlier than what came before it.
  const sinceMs = performance.now() - performanceMs
  return monotonicNowMs() - sinceMs
}

/** What this process's clock adds to the system's, for children that it starts. */
export function clockOffsetMs(): number {
  return offsetMs
}

/**
 * Sets the clock by the wall clock. For a host between two runs: it may have lived through a night in which the machine was
 * suspended, which the system's monotonic clock leaves out, or its wall clock was put right.
 */
export function setByWallClock(): void {
  offsetMs = Date.now() - systemMs()
}

function systemMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

function offsetOfHost(): number | null {
  const given = process.env[clockOffsetVariable]
  return given === undefined || given === '' || !Number.isFinite(Number(given)) ? null : Number(given)
}

/** By the wall clock when this process was started, which its threads share to the microsecond. */
function offsetOfProcess(): number {
  return performance.timeOrigin + performance.now() - systemMs()
}
