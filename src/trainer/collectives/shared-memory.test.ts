import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mountTinyFileSystem } from '../../../scripts/testing/tiny-file-system.js'
import { monotonicNowMs } from '../../shared/clock.js'
import { platform } from '../platform/index.js'
import { createSharedMemoryAllReduce } from './shared-memory.js'

/** A group of one, which needs nobody else. */
const alone = { rank: 0, worldSize: 1, timeoutMs: 5000 }

describe.skipIf(platform.sharedMemory === null)('the file of a group', () => {
  it('is refused by name where there is no room, before a write could kill the process', async ({
    skip,
    onTestFinished,
  }) => {
    const tiny = mountTinyFileSystem() ?? skip('this user may not mount a file system')
    onTestFinished(tiny.dispose)
    const path = join(tiny.folder, 'group')
    const tooLarge = createSharedMemoryAllReduce({ ...alone, path, elementCount: 1_000_000 })
    await expect(tooLarge).rejects.toMatchObject({
      code: 'shared-memory-full',
      hint: expect.stringContaining('use another'),
    })
    expect(readdirSync(tiny.folder)).toEqual([])
  })

  it('is never one that is already there', async ({ onTestFinished }) => {
    const folder = mkdtempSync(join(tmpdir(), 'tandem-test-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'group')
    writeFileSync(path, 'of another group')
    const taken = createSharedMemoryAllReduce({ ...alone, path, elementCount: 16 })
    await expect(taken).rejects.toMatchObject({ code: 'exchange-folder-unusable' })
    expect(readFileSync(path, 'utf8')).toBe('of another group')
  })
})

describe.skipIf(platform.sharedMemory === null)('the mapping of a group', () => {
  const joinAlone = (options: object = {}) =>
    createSharedMemoryAllReduce({
      ...alone,
      path: `/dev/shm/tandem-test-${process.pid}`,
      elementCount: 40,
      ...options,
    })

  it('says what it is, for people', async () => {
    const group = await joinAlone({ elementCount: 1_000_000 })
    expect(group.description).toMatch(/^shared memory, .* 8 MB in \/dev\/shm$/)
    group.close()
  })

  it('hands an engine the aligned addresses of all vectors and its slice', async () => {
    const memory = platform.sharedMemory
    const group = await joinAlone({
      reduceSlice: ({
        contributions,
        sum,
        slice,
      }: {
        contributions: bigint[]
        sum: bigint
        slice: object
      }) => {
        expect(slice).toEqual({ elementOffset: 0, elementCount: 40 })
        const doubled = new Float32Array(40)
        memory?.copyOut(doubled, contributions[0] as bigint)
        memory?.copyIn(
          sum,
          doubled.map((value) => 2 * value),
        )
      },
    })
    const addresses = [...(group.mapping?.contributions ?? []), group.mapping?.sum ?? 1n]
    for (const address of addresses) expect(address % 64n).toBe(0n)
    group.write(0, new Float32Array(40).fill(1.5))
    await group.sum()
    const result = new Float32Array(40)
    group.read(0, result)
    expect(result).toEqual(new Float32Array(40).fill(3))
    group.close()
  })

  it('reads and writes parts, and nothing outside', async () => {
    const group = await joinAlone()
    group.write(0, new Float32Array(40))
    group.write(38, Float32Array.of(8, 9))
    await group.sum()
    const part = new Float32Array(3)
    group.read(37, part)
    expect([...part]).toEqual([0, 8, 9])
    expect(() => group.write(39, part)).toThrow('outside a vector of 40')
    expect(() => group.read(-1, part)).toThrow('outside a vector of 40')
    group.close()
    expect(() => group.read(0, part)).toThrow('it was closed')
  })

  it('does not start a second call while one is running', async () => {
    const group = await joinAlone()
    const first = group.sum()
    await expect(group.sum()).rejects.toThrow('another call is still running')
    await first
    group.close()
  })

  it('reports when this rank arrived and how long the exchange took', async () => {
    const group = await joinAlone()
    const before = monotonicNowMs()
    const timing = await group.sum()
    expect(timing.arrivedAtMs).toBeGreaterThanOrEqual(before)
    expect(timing.totalMs).toBeGreaterThanOrEqual(timing.waitMs)
    group.close()
  })
})
