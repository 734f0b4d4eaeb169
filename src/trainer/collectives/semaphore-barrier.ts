import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import type { SharedMemory } from '../platform/index.js'
import type { Deadline } from './deadline.js'
import type { GroupLayout } from './group-layout.js'

/** The longest that a waiting rank keeps its event loop from messages and signals. */
const waitSliceMs = 20

/**
 * Returns a call that resolves when every rank of the group has made it as often as this one.
 *
 * Each rank posts once to every other and then takes one post of each. Sets of semaphores alternate: a rank that
 * rushes ahead to the next barrier posts where nobody still waits for this one, and it cannot reach the one
 * after that before all have left this one.
 */
export function createSemaphoreBarrier(
  memory: SharedMemory,
  baseAddress: bigint,
  layout: GroupLayout,
  rank: number,
): (deadline: Deadline) => Promise<void> {
  const at = (offset: number | undefined) => baseAddress + BigInt(offset ?? 0)
  const otherRanks = layout.arrivalOffsets.map((_, other) => other).filter((other) => other !== rank)
  const counter = new Float64Array(1)
  let barriers = 0

  /** For the error message alone: these counters order nothing. */
  function missingRanks(): number[] {
    return otherRanks.filter((other) => {
      memory.copyOut(counter, at(layout.arrivalOffsets[other]))
      return (counter[0] ?? 0) < barriers
    })
  }

  return async function barrier(deadline) {
    deadline.check(() => [])
    const semaphores = layout.semaphoreOffsets[(barriers % 2) as 0 | 1]
    barriers += 1
    memory.copyIn(at(layout.arrivalOffsets[rank]), Float64Array.of(barriers))
    for (const other of otherRanks) memory.semaphores.post(at(semaphores[other]))

    for (let taken = 0; taken < otherRanks.length; ) {
      if (memory.semaphores.wait(at(semaphores[rank]), waitSliceMs)) {
        taken += 1
        continue
      }
      deadline.check(missingRanks)
      await yieldToEventLoop()
    }
  }
}
