import type { Pace } from './pace.js'
import type { PaceStore } from './pace-file.js'

/** Paces in memory: those given to begin with, and what a run adds. */
export function keptPaces(known: ReadonlyMap<string, readonly Pace[]> = new Map()): PaceStore {
  const paces = new Map(known)
  return {
    read: async () => paces,
    async add(key, pace) {
      paces.set(key, [...(paces.get(key) ?? []), pace])
    },
  }
}
