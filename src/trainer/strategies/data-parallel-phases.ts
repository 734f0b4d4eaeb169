import type { ProcessPhases } from './one-process-strategy.js'

/** The phases of DP's step in their order, as its clock is told of them. */
const phases = [
  'scatterMs',
  'replicateMs',
  'forwardMs',
  'gatherMs',
  'backwardMs',
  'reduceMs',
  'updateMs',
] as const satisfies readonly (keyof ProcessPhases)[]

/**
 * How long each phase took, from when it ended on the last device: `endsMs` since the step began, one a phase, in
 * order. Phases overlap where devices need not wait for one another; what ended before the phase before it took no
 * time of its own.
 */
export function dataParallelPhases(endsMs: readonly number[]): ProcessPhases {
  let reachedMs = 0
  const durations = phases.map((phase, index) => {
    const endMs = Math.max(endsMs[index] ?? 0, reachedMs)
    const durationMs = endMs - reachedMs
    reachedMs = endMs
    return [phase, durationMs] as const
  })
  return Object.fromEntries(durations) as ProcessPhases
}
