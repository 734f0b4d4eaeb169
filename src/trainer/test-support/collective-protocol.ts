import type { ErrorReport } from '../../shared/errors.js'
import type { ExchangeTiming, WireFormat } from '../collectives/all-reduce.js'

/** How a group of test processes meets. */
export interface GroupPlan {
  implementation: 'shared-memory' | 'files'
  /** The file to be, or the folder. */
  place: string
  worldSize: number
  elementCount: number
  timeoutMs: number
}

export interface Rounds {
  count: number
  /** Whole numbers have exact sums; fractions show whether every rank rounds alike. */
  values: 'whole' | 'fractions'
  /** How vectors travel; absent is `float32`. */
  format?: WireFormat
  /** Every eighth round or so, a rank comes later by up to this. */
  longestDelayMs: number
}

/** What a rank process can be asked to do, and what it answers. */
export interface RankCalls {
  join: { request: { plan: GroupPlan; rank: number }; answer: { description: string } }
  rounds: { request: Rounds; answer: RoundsResult }
  sum: { request: object; answer: ExchangeTiming }
  broadcast: { request: object; answer: RoundsResult }
  /** Aborts the signal of the running call, or the one the group was made with. */
  abort: { request: { which: 'call' | 'group' }; answer: object }
  close: { request: object; answer: object }
}

export interface RoundsResult {
  /** Elements that differ from the sum computed another way. */
  wrongElements: number
  /** SHA-256 over the bits of all results. */
  digest: string
}

export type RankRequest = {
  [Name in keyof RankCalls]: { id: number; call: Name; request: RankCalls[Name]['request'] }
}[keyof RankCalls]

export type RankAnswer = { id: number } & ({ answer: object } | { error: ErrorReport })
