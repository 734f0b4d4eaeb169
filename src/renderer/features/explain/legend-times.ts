import { formatMilliseconds, millisecondDigits } from './explain-text.js'

/** More lanes than this are not told apart. */
const mostApart = 3

/** Whose times `legendTimes` has, in its order: `Rank 0 / Rank 1`; null where it does not tell lanes apart. */
export function legendHead(names: readonly string[], isShared: boolean): string | null {
  return isShared || names.length === 1 || names.length > mostApart ? null : names.join(' / ')
}

/**
 * How long each lane was in a phase: `0 / 28.6 ms`; of more than three lanes `0.00 ms to 28.6 ms`; of one process, whose
 * lanes are alike, the time alone.
 */
export function legendTimes(times: readonly number[], isShared: boolean): string {
  const [first = 0] = times
  if (isShared || times.length === 1) return formatMilliseconds(first)
  if (times.length <= mostApart)
    return `${times.map((ms) => (ms === 0 ? '0' : millisecondDigits(ms))).join(' / ')} ms`
  const [least, most] = [Math.min(...times), Math.max(...times)].map(formatMilliseconds)
  return least === most ? `${least}` : `${least} to ${most}`
}
