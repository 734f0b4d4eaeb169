import type { Measurement } from '../../shared/results/results.js'
import { formatList, formatRoughDuration } from '../../shared/text/format.js'
import { findDisturbance } from '../../shared/validity/disturbance.js'
import type { Measuring } from './measuring.js'

/** How often a measurement that was disturbed is taken again. */
export const mostRepeats = 2

/** Repeats in a row that were disturbed as well, after which the disturbance is taken to last. */
const lastingAfter = 2

export interface RepeatOptions {
  measuring: Measuring
  /** As they stand in the document; those that are disturbed are repeated in this order. */
  measurements(): readonly Measurement[]
  /** As they were planned, to be begun anew. */
  planned(measurement: Measurement): Measurement | undefined
  signal: AbortSignal
  /** When the run was promised to be over, on the clock of `performance.now()`; null where nothing was promised. */
  promisedEndMs: number | null
  say(text: string): void
}

/**
 * Measures again what was disturbed, after the last block: what disturbed it may have gone by then. What is decided here
 * comes from counters and clocks alone (`findDisturbance`), never from a figure, or repeats would pick the ones that
 * please. What is put aside stays with the measurement, and every round is announced.
 */
export async function repeatDisturbed(options: RepeatOptions): Promise<void> {
  const { measuring, signal, say } = options
  for (let round = 0; round < mostRepeats && !signal.aborted; round++) {
    const disturbed = options.measurements().filter(isDisturbed)
    if (disturbed.length === 0) return
    say(announce(disturbed, options))
    let inARow = 0
    for (const measurement of disturbed) {
      const planned = options.planned(measurement)
      if (planned === undefined || signal.aborted) continue
      const again = await measuring.take({
        ...planned,
        block: measurement.block,
        putAside: putAside(measurement),
      })
      if (again.status !== 'completed') {
        // A disturbed figure is more than none: the attempt that failed, or was stopped, does not take its place.
        measuring.keep(measurement)
        continue
      }
      inARow = isDisturbed(again) ? inARow + 1 : 0
      if (inARow < lastingAfter) continue
      say(
        'What disturbs the measurements lasts, so no more of them are repeated: figures marked unreliable stay so',
      )
      return
    }
  }
}

function isDisturbed({ status, conditions }: Measurement): boolean {
  return status === 'completed' && findDisturbance(conditions) !== null
}

/** Those before, and this one with what disturbed it. */
function putAside({ putAside: before = [], epochs, conditions }: Measurement): Measurement['putAside'] {
  return [...before, { reason: findDisturbance(conditions)?.reason ?? '', epochs, conditions }]
}

function announce(disturbed: readonly Measurement[], { measuring, promisedEndMs }: RepeatOptions): string {
  const which = disturbed.map(
    ({ title, block, conditions }) =>
      `${title} in block ${block + 1} (${findDisturbance(conditions)?.reason ?? ''})`,
  )
  const takesMs = disturbed.reduce((sum, measurement) => sum + (measuring.wallMs(measurement) ?? 0), 0)
  const overMs = promisedEndMs === null ? null : performance.now() + takesMs - promisedEndMs
  const time =
    overMs === null
      ? `about ${formatRoughDuration(takesMs / 1000)} more`
      : overMs > 0
        ? `about ${formatRoughDuration(overMs / 1000)} more than promised`
        : `about ${formatRoughDuration(takesMs / 1000)}, within the promised time`
  return `Measured again, since they were disturbed: ${formatList(which)}. This takes ${time}`
}
