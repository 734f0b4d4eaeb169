import { closeSync, openSync, rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type MappedFile, platform, type SharedMemory } from '../platform/index.js'
import { startDeadline } from './deadline.js'
import { layOutGroup } from './group-layout.js'
import { createSemaphoreBarrier } from './semaphore-barrier.js'

describe.skipIf(platform.sharedMemory === null)('the barrier', () => {
  const memory = platform.sharedMemory as SharedMemory
  const path = `/dev/shm/tandem-test-barrier-${process.pid}`
  const layout = layOutGroup({ elementCount: 1, worldSize: 3 }, 64)
  let mapping: MappedFile

  beforeEach(() => {
    const file = openSync(path, 'wx+')
    memory.reserveFile(file, layout.byteLength)
    mapping = memory.mapFile(file, layout.byteLength)
    closeSync(file)
    rmSync(path)
    for (const offset of layout.semaphoreOffsets.flat()) memory.semaphores.initialise(addressOf(offset))
  })
  afterEach(() => mapping.close())

  const addressOf = (offset: number) => mapping.address + BigInt(offset)
  const barrierOf = (rank: number) => createSemaphoreBarrier(memory, mapping.address, layout, rank)
  const within = (rank: number, timeoutMs: number) => startDeadline(rank, timeoutMs, () => false)

  it('does not take a rank that rushed ahead for one that is late', async () => {
    const [first, second] = [barrierOf(0), barrierOf(1)]
    let secondPassed = false
    const firstPasses = first(within(0, 20_000))
    const secondPasses = second(within(1, 20_000)).then(() => {
      secondPassed = true
    })

    // Rank 2, played by hand, has posted to rank 0 and is held up before it posts to rank 1.
    memory.semaphores.post(addressOf(layout.semaphoreOffsets[0][0] as number))
    await firstPasses
    await expect(first(within(0, 200))).rejects.toMatchObject({ code: 'collective-timeout' })
    expect(secondPassed).toBe(false)

    memory.semaphores.post(addressOf(layout.semaphoreOffsets[0][1] as number))
    await secondPasses
  })

  it('names the ranks that did not come', async () => {
    const second = barrierOf(1)
    await expect(second(within(1, 50))).rejects.toMatchObject({
      message: 'ranks 0, 2 did not arrive within 0.05 s',
      rank: 1,
    })
  })
})
