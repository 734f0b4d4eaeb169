import { formatDuration } from '../../../shared/text/format.js'

/** What times are rounded to: as far as such an estimate is good, so that the text stands still for a while. */
const roundings = [
  { below: 60, toSeconds: 5 },
  { below: 600, toSeconds: 15 },
  { below: 3600, toSeconds: 60 },
]
const longestRoundingSeconds = 600

/** `about 1 min 15 s left`; empty where nothing is known. */
export function remainingText(seconds: number | null): string {
  if (seconds === null) return ''
  const toSeconds = roundings.find(({ below }) => seconds < below)?.toSeconds ?? longestRoundingSeconds
  return `about ${formatDuration(Math.max(1, Math.round(seconds / toSeconds)) * toSeconds)} left`
}
