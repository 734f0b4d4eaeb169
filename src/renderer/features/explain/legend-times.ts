import { formatMilliseconds } from './explain-text.js'

/** More lanes than this are not named one by one. */
const mostNamed = 3

/** `Rank 0 144.3 ms, Rank 1 116.1 ms`; of many lanes `3.10 ms to 28.0 ms`; of one process the time alone. */
export function legendTimes(lanes: readonly { name: string; ms: number }[], isShared: boolean): string {
  const times = lanes.map(({ ms }) => ms)
  if (isShared) return formatMilliseconds(times[0] ?? 0)
  if (lanes.length <= mostNamed)
    return lanes.map(({ name, ms }) => `${name} ${formatMilliseconds(ms)}`).join(', ')
  const [least, most] = [Math.min(...times), Math.max(...times)].map(formatMilliseconds)
  return `${lanes.length} lanes, ${least === most ? least : `${least} to ${most}`}`
}
