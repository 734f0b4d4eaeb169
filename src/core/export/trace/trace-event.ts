/** Whose row of the time line an event is on: numbers that only the trace itself gives a meaning. */
export interface Track {
  pid: number
  tid: number
}

type Arguments = Record<string, string | number | null>

/**
 * The kinds of events of a Chrome trace that Tandem writes; names are those of the "Trace Event Format" document. `ts`
 * and `dur` are in microseconds.
 */
export type TraceEvent = Track &
  (
    | {
        ph: 'M'
        name: 'process_name' | 'process_labels' | 'process_sort_index' | 'thread_name' | 'thread_sort_index'
        args: Arguments
      }
    | { ph: 'X'; name: string; cat: string; ts: number; dur: number; args?: Arguments }
    | { ph: 'i'; name: string; cat: string; ts: number; s: 't'; args?: Arguments }
    | { ph: 'C'; name: string; ts: number; args: Record<string, number> }
  )

/** A stretch of time, in microseconds since the trace began. */
export interface Span {
  from: number
  to: number
}

/** Times of a run as times of its trace. */
export class TraceClock {
  /** @param beganAtMs what is 0 in the trace, in milliseconds since the Unix epoch */
  constructor(private readonly beganAtMs: number) {}

  /** To the nanosecond. What clocks that differ put before the beginning is at the beginning. */
  at(unixMs: number): number {
    return Math.max(0, roundMicroseconds((unixMs - this.beganAtMs) * 1000))
  }
}

/** A slice. Viewers refuse slices of a track that cross; of those within `bounds` only what lies in them is kept. */
export function slice(
  track: Track,
  name: string,
  cat: string,
  { from, to }: Span,
  bounds: Span = { from: 0, to: Number.POSITIVE_INFINITY },
  args?: Arguments,
): Extract<TraceEvent, { ph: 'X' }> & Track {
  const ts = Math.min(Math.max(from, bounds.from), bounds.to)
  const end = Math.max(ts, Math.min(to, bounds.to))
  return { ph: 'X', ...track, name, cat, ts, dur: roundMicroseconds(end - ts), ...(args && { args }) }
}

export function instant(track: Track, name: string, cat: string, ts: number): TraceEvent {
  return { ph: 'i', ...track, name, cat, ts, s: 't' }
}

function roundMicroseconds(microseconds: number): number {
  return Math.round(microseconds * 1000) / 1000
}
