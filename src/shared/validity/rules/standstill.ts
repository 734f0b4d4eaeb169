import type { Standstill } from '../../conditions/conditions.js'
import { standstillLimitSeconds } from '../disturbance.js'
import type { Finding } from '../finding.js'
import type { Rule } from '../judged-run.js'
import { worstRepeats } from '../worst-repeats.js'

const kinds: readonly { name: keyof Standstill; what: string }[] = [
  { name: 'suspendedSeconds', what: 'The machine was suspended' },
  { name: 'stoppedSeconds', what: 'A trainer was stopped' },
  { name: 'stalledSeconds', what: 'Trainers and sampler stood still' },
]

/** Time that passed while nothing could train: a lid that was closed, a signal, a frozen container. */
export const stoodStill: Rule = (run) =>
  kinds.flatMap(({ name, what }): Finding[] => {
    const found = worstRepeats(
      run,
      ({ conditions }) => conditions?.standstill?.[name] ?? null,
      standstillLimitSeconds,
    )
    if (found === null) return []
    const message = `${what} for up to ${found.worst.toFixed(1)} s during ${found.where}. Measure again while nothing stops it.`
    return [{ code: 'stood-still', severity: 'unreliable', strategies: found.strategies, message }]
  })
