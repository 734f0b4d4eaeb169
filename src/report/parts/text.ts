/** `25 November 2026, 07:54 UTC`: the same for every reader, wherever the report is made and read. */
export function formatTime(time: string): string {
  const date = new Date(time)
  const day = date.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  })
  return `${day}, ${date.toISOString().slice(11, 16)} UTC`
}
