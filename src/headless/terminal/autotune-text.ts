import type { AutotuneRecord } from '../../shared/child/trainer-protocol.js'
import { formatQuantity, formatSeconds } from '../../shared/text/format.js'

/** For the warm-up line: "autotuning: 4.1 s (23 of 32 convolutions computed otherwise)". */
export function autotunePart({ tuneMs, convolutions, changed, timed, cached }: AutotuneRecord): string {
  const known = timed === 0 && cached > 0 ? ', known from earlier' : ''
  return `autotuning: ${formatSeconds(tuneMs / 1000)} (${changed} of ${formatQuantity(convolutions, 'convolution')} computed otherwise${known})`
}

/** One line a convolution with its timings, the chosen lowering first; nothing unless a report was asked for. */
export function autotuneReportLines(title: string, { rows = [] }: AutotuneRecord): string[] {
  return rows.map(({ kernel, convolution, count, chosen, times }) => {
    const timings = Object.entries(times)
      .sort(([, left], [, right]) => left - right)
      .map(([name, ms]) => `${name} ${ms.toFixed(2)} ms`)
    const measured = timings.length === 0 ? 'not timed' : timings.join(', ')
    return `[${title}] ${kernel} ${convolution} (x${count}): ${chosen} - ${measured}`
  })
}
