/** What oneDNN did of one kind. */
export interface OnednnTime {
  /** `convolution, backward_weights` or `matmul`. */
  kind: string
  ms: number
  count: number
}

/**
 * Sums the executions in what oneDNN prints with ONEDNN_VERBOSE=1 by primitive, convolutions by direction; the longest
 * first. Lines of anything else are passed over.
 */
export function sumOnednnTimes(text: string): OnednnTime[] {
  const sums = new Map<string, OnednnTime>()
  for (const line of text.split('\n')) {
    const execution = parseExecution(line)
    if (execution === null) continue
    const { kind, ms } = execution
    const sum = sums.get(kind) ?? { kind, ms: 0, count: 0 }
    sums.set(kind, { kind, ms: sum.ms + ms, count: sum.count + 1 })
  }
  return [...sums.values()].sort((a, b) => b.ms - a.ms)
}

/** `onednn_verbose,v1,primitive,exec,cpu,convolution,IMPLEMENTATION,DIRECTION,...,MILLISECONDS`; older ones lack words. */
function parseExecution(line: string): { kind: string; ms: number } | null {
  const fields = line.trim().split(',')
  if (fields[0] !== 'onednn_verbose') return null
  const [, , primitive, , direction] = fields.slice(fields.indexOf('exec'))
  const ms = Number(fields.at(-1))
  if (!fields.includes('exec') || primitive === undefined || !Number.isFinite(ms)) return null
  return { kind: primitive === 'convolution' ? `convolution, ${direction}` : primitive, ms }
}
