import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { TandemError } from '../../shared/errors.js'
import { type MappedFile, platform, type SharedMemory } from '../platform/index.js'
import { type HostAllReduce, type MappedVectors, type SliceReducer, wireBytes } from './all-reduce.js'
import { inFormat } from './bfloat16.js'
import { createCallGate } from './call-gate.js'
import { createChunkedAdder } from './chunked-adder.js'
import { startDeadline } from './deadline.js'
import { exchangeTiming } from './exchange-timing.js'
import { createGroupFile, openGroupFile } from './group-file.js'
import { type GroupLayout, layOutGroup } from './group-layout.js'
import { createSemaphoreBarrier } from './semaphore-barrier.js'
import { sliceOfRank } from './slices.js'
import { assertWithin } from './vector-bounds.js'

export interface SharedMemoryOptions {
  /** Not there yet: rank 0 makes the file, and removes its name once every rank has mapped it. */
  path: string
  rank: number
  worldSize: number
  elementCount: number
  /** How long any call, joining included, waits for the other ranks. */
  timeoutMs: number
  /** Replaces the built-in adder. */
  reduceSlice?: SliceReducer
  /** Stops joining and every later call. */
  signal?: AbortSignal
}

const bytesPerElement = Float32Array.BYTES_PER_ELEMENT

/**
 * All-reduce between processes of one machine through a file that all of them map: every rank writes a vector of
 * its own, each sums its slice of all of them, and all read the sum. Resolves when all ranks have joined.
 * @throws TandemError `shared-memory-full` (on rank 0: try another folder), `shared-memory-missing`,
 * `collective-mismatch`, `exchange-folder-unusable`; `collective-timeout` and `stopped` as every call.
 */
export async function createSharedMemoryAllReduce(options: SharedMemoryOptions): Promise<HostAllReduce> {
  const memory = requireSharedMemory()
  const layout = layOutGroup(options, memory.semaphores.byteLength)
  const file = await joinGroup(memory, layout, options)
  return createMember(memory, layout, file, options)
}

/** Maps the group's file and waits until every rank has; from then on nothing can leave it behind. */
async function joinGroup(
  memory: SharedMemory,
  layout: GroupLayout,
  { path, rank, timeoutMs, signal }: SharedMemoryOptions,
): Promise<{ mapping: MappedFile; barrier: Barrier }> {
  const deadline = startDeadline(rank, timeoutMs, () => signal?.aborted === true)
  deadline.check(() => [])
  const isCreator = rank === 0
  const mapping = isCreator
    ? createGroupFile(memory, path, layout)
    : await openGroupFile(memory, path, layout, rank, deadline)
  try {
    const barrier = createSemaphoreBarrier(memory, mapping.address, layout, rank)
    await barrier(deadline)
    return { mapping, barrier }
  } catch (error) {
    mapping.close()
    throw error
  } finally {
    if (isCreator) rmSync(path, { force: true })
  }
}

type Barrier = ReturnType<typeof createSemaphoreBarrier>

function createMember(
  memory: SharedMemory,
  layout: GroupLayout,
  { mapping: file, barrier }: { mapping: MappedFile; barrier: Barrier },
  options: SharedMemoryOptions,
): HostAllReduce {
  const { path, rank, worldSize, elementCount, timeoutMs } = options
  const reduceSlice = options.reduceSlice ?? createChunkedAdder(memory)
  const gate = createCallGate(file.close)
  const mapping: MappedVectors = {
    contributions: layout.contributionOffsets.map((offset) => file.address + BigInt(offset)),
    sum: file.address + BigInt(layout.sumOffset),
    slice: sliceOfRank(elementCount, rank, worldSize),
  }
  const ownVector = mapping.contributions[rank] as bigint
  const firstVector = mapping.contributions[0] as bigint

  const meet = (signal: AbortSignal | undefined) =>
    barrier(
      startDeadline(rank, timeoutMs, () => gate.closed || isAborted(options.signal) || isAborted(signal)),
    )

  return {
    rank,
    worldSize,
    elementCount,
    description: `shared memory, ${worldSize} ranks, ${Math.round(file.byteLength / 1e6)} MB in ${dirname(path)}`,
    mapping,

    write(elementOffset, source, format = 'float32') {
      gate.assertIdle()
      assertWithin(elementCount, elementOffset, source.length)
      memory.copyIn(ownVector + BigInt(elementOffset * wireBytes[format]), inFormat(source, format))
    },
    read(elementOffset, target) {
      gate.assertIdle()
      assertWithin(elementCount, elementOffset, target.length)
      memory.copyOut(target, mapping.sum + BigInt(elementOffset * bytesPerElement))
    },
    sum: (signal, format = 'float32') =>
      gate.run(async () => {
        const arrivedAt = performance.now()
        await meet(signal)
        const allArrivedAt = performance.now()
        reduceSlice(mapping, format)
        await meet(signal)
        return exchangeTiming(arrivedAt, allArrivedAt)
      }),
    broadcast: (signal) =>
      gate.run(async () => {
        await meet(signal)
        const byteOffset = BigInt(mapping.slice.elementOffset * bytesPerElement)
        const byteLength = mapping.slice.elementCount * bytesPerElement
        memory.copyWithin(mapping.sum + byteOffset, firstVector + byteOffset, byteLength)
        await meet(signal)
      }),
    barrier: (signal) => gate.run(() => meet(signal)),
    close: gate.close,
  }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}

function requireSharedMemory(): SharedMemory {
  if (platform.sharedMemory !== null) return platform.sharedMemory
  throw new TandemError({
    code: 'shared-memory-missing',
    message: `processes cannot share memory on ${platform.name}`,
    hint: 'Let the ranks exchange through files.',
  })
}
