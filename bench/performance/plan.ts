import { planBlocks } from '../../src/shared/statistics/block-plan.js'
import type { BenchCase, CaseGroup, Section } from './suite.js'

/** Every case of a group once, in the order in which to measure them. */
export interface PlannedBlock {
  group: string
  /** Counted from 0 within the group. */
  index: number
  cases: readonly BenchCase[]
}

/** The groups of all sections; those of one name become one, with every case once and the most repeats. */
export function mergeGroups(sections: readonly Section[]): CaseGroup[] {
  const merged = new Map<string, CaseGroup>()
  for (const group of sections.flatMap(({ groups }) => groups)) {
    const { cases = [], repeats = 0 } = merged.get(group.id) ?? {}
    const more = group.cases.filter(({ id }) => cases.every((known) => known.id !== id))
    merged.set(group.id, {
      id: group.id,
      repeats: Math.max(repeats, group.repeats),
      cases: [...cases, ...more],
    })
  }
  return [...merged.values()]
}

/**
 * Blocks in rounds that have each group once while it has repeats left, groups and cases in an order of their own each
 * time by `seed`. More repeats with the same seed begin with the same blocks.
 */
export function planSuite(groups: readonly CaseGroup[], seed: number): PlannedBlock[] {
  const rounds = Math.max(0, ...groups.map(({ repeats }) => repeats))
  const orders = new Map(
    groups.map(({ id, cases, repeats }) => [id, planBlocks(cases, repeats, seedOf(id, seed))] as const),
  )
  return planBlocks(groups, rounds, seed).flatMap((round, index) =>
    round
      .filter(({ repeats }) => index < repeats)
      .map(({ id }) => ({ group: id, index, cases: orders.get(id)?.[index] ?? [] })),
  )
}

/** Groups of as many cases would else have the same orders. */
function seedOf(id: string, seed: number): number {
  return [...id].reduce((hash, letter) => (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0, seed)
}
