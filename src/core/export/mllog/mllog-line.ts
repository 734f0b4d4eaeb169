/** One line of an MLLOG: what happened, when, in which part. */
export interface MllogEntry {
  /** The part of the run that it is about. */
  namespace: string
  /** In milliseconds since the Unix epoch. */
  timeMs: number
  /** The beginning or the end of something that lasts, or neither. */
  type: 'INTERVAL_START' | 'INTERVAL_END' | 'POINT_IN_TIME'
  key: string
  value: string | number | Record<string, number> | null
  metadata: Record<string, string | number>
}

/**
 * `:::MLLOG {...}`, with the fields and in the order of MLCommons' `mlperf_logging`. In ASCII alone, as that writes it:
 * its parser reads bytes, not UTF-8.
 */
export function mllogLine({ namespace, timeMs, type, key, value, metadata }: MllogEntry): string {
  const entry = { namespace, time_ms: Math.round(timeMs), event_type: type, key, value, metadata }
  return `:::MLLOG ${inAscii(JSON.stringify(entry))}\n`
}

function inAscii(json: string): string {
  return json.replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
