import type { Conditions } from '../conditions/conditions.js'
import { formatPercent } from '../text/format.js'

/**
 * Share of measured cores that others may take before a figure says more about them than about the strategy. Half of it
 * would already be missing from one device in eight.
 */
export const othersUnreliableLimit = 0.25

/** Share of all cores' time that a hypervisor may give to other machines, likewise. */
export const stealUnreliableLimit = 0.25

/** How long training may have stood still, in seconds: an epoch of quick is about one. */
export const standstillLimitSeconds = 0.5

/** What disturbed a measurement so that its figure says little. */
export interface Disturbance {
  kind: 'others' | 'steal' | 'suspended' | 'stopped' | 'stalled'
  /** To follow a colon: `other programs took 48 % of the cores that are measured`. */
  reason: string
}

/**
 * What disturbed a measurement, from counters and clocks alone: never from its figure, or measuring again would pick the
 * figures that please. Null where nothing did, or nobody looked.
 */
export function findDisturbance(conditions: Conditions | null): Disturbance | null {
  if (conditions === null) return null
  const { cpu, standstill } = conditions
  const standing = [
    ['suspended', standstill?.suspendedSeconds ?? 0, 'the machine was suspended'],
    ['stopped', standstill?.stoppedSeconds ?? 0, 'a trainer was stopped'],
    ['stalled', standstill?.stalledSeconds ?? 0, 'trainers and sampler stood still'],
  ] as const
  for (const [kind, seconds, what] of standing) {
    if (seconds > standstillLimitSeconds) return { kind, reason: `${what} for ${seconds.toFixed(1)} s` }
  }
  const others = othersOf(conditions)
  if (others > othersUnreliableLimit) {
    return { kind: 'others', reason: `other programs took ${formatPercent(others)} of the measured cores` }
  }
  const steal = cpu.stealShare ?? 0
  if (steal > stealUnreliableLimit) {
    return {
      kind: 'steal',
      reason: `the hypervisor gave ${formatPercent(steal)} of the time to other machines`,
    }
  }
  return null
}

/** The share of its own cores that others took, or of those that it is compared on, whichever is larger. */
export function othersOf({ cpu }: Conditions): number {
  return Math.max(cpu.othersShareOfOwnCores ?? 0, cpu.othersShareOfRunCores ?? 0)
}
