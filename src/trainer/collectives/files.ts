import type { HostAllReduce, WireFormat } from './all-reduce.js'
import { inFormat, widenBfloat16 } from './bfloat16.js'
import { createCallGate } from './call-gate.js'
import { addInPlace } from './chunked-adder.js'
import { type Deadline, startDeadline } from './deadline.js'
import { groupMismatch } from './errors.js'
import { exchangeTiming } from './exchange-timing.js'
import { createMailbox, type Mailbox, type Message } from './mailbox.js'
import { sliceOfRank } from './slices.js'
import { assertWithin } from './vector-bounds.js'

export interface FileExchangeOptions {
  /** An existing, empty folder for this group alone. Whoever made it removes it. */
  directory: string
  rank: number
  worldSize: number
  elementCount: number
  /** How long any call, joining included, waits for the other ranks. */
  timeoutMs: number
  /** Stops joining and every later call. */
  signal?: AbortSignal
}

/**
 * All-reduce through ordinary files, for systems where processes cannot share memory: every rank sends each other
 * the part that the other sums, then its own part of the sum. The arithmetic, and so every bit of the result, is
 * that of `createSharedMemoryAllReduce`. Resolves when all ranks have joined.
 * @throws TandemError `collective-mismatch`, `exchange-folder-unusable`; `collective-timeout` and `stopped` as
 * every call.
 */
export async function createFileAllReduce(options: FileExchangeOptions): Promise<HostAllReduce> {
  const { directory, rank, worldSize, timeoutMs, signal } = options
  const mailbox = createMailbox(directory, rank, worldSize)
  const deadline = startDeadline(rank, timeoutMs, () => signal?.aborted === true)
  await compareShapes(mailbox, options, deadline)
  return createMember(mailbox, options)
}

/** The first message of every rank: what it believes the group to be. */
async function compareShapes(mailbox: Mailbox, own: FileExchangeOptions, deadline: Deadline): Promise<void> {
  const ownShape = Float64Array.of(own.elementCount, own.worldSize)
  const shapes = otherRanks(own).map((rank) => ({ rank, content: new Float64Array(2) }))
  try {
    const outgoing = shapes.map(({ rank }) => ({ rank, content: ownShape }))
    await mailbox.exchange(outgoing, shapes, deadline)
  } catch (error) {
    mailbox.discard({ unread: true })
    throw error
  }
  for (const { rank, content } of shapes) {
    const [elementCount = 0, worldSize = 0] = content
    if (elementCount === own.elementCount && worldSize === own.worldSize) continue
    // This rank's message stays, so that the others learn of it too.
    throw groupMismatch(own.rank, own, { rank, elementCount, worldSize })
  }
}

function createMember(mailbox: Mailbox, options: FileExchangeOptions): HostAllReduce {
  const { directory, rank, worldSize, elementCount, timeoutMs } = options
  const gate = createCallGate((healthy) => mailbox.discard({ unread: !healthy }))
  const vector = new Float32Array(elementCount)
  const sum = new Float32Array(elementCount)
  const others = otherRanks(options)

  const partOf = (whole: Float32Array, owner: number) => {
    const slice = sliceOfRank(elementCount, owner, worldSize)
    return whole.subarray(slice.elementOffset, slice.elementOffset + slice.elementCount)
  }
  const ownSum = partOf(sum, rank)
  /** Every rank's contribution to this rank's slice. */
  const addends = Array.from({ length: worldSize }, (_, from) =>
    from === rank ? partOf(vector, rank) : new Float32Array(ownSum.length),
  )

  async function exchangeParts(format: WireFormat, deadline: Deadline): Promise<void> {
    const outgoing = messages((to) => inFormat(partOf(vector, to), format))
    if (format === 'float32') {
      await mailbox.exchange(
        outgoing,
        messages((from) => addends[from] as Float32Array),
        deadline,
      )
      return
    }
    const incoming = others.map((from) => ({ rank: from, content: new Uint16Array(ownSum.length) }))
    await mailbox.exchange(outgoing, incoming, deadline)
    for (const { rank: from, content } of incoming) widenBfloat16(content, addends[from] as Float32Array)
  }

  const startCall = (signal: AbortSignal | undefined) =>
    startDeadline(
      rank,
      timeoutMs,
      () => gate.closed || options.signal?.aborted === true || signal?.aborted === true,
    )
  const messages = (content: (other: number) => Message['content']) =>
    others.map((other) => ({ rank: other, content: content(other) }))
  const barrier = (deadline: Deadline) => {
    const nothing = new Uint8Array(0)
    const empty = messages(() => nothing)
    return mailbox.exchange(empty, empty, deadline)
  }

  function addUp(): void {
    ownSum.set(addends[0] as Float32Array)
    for (const addend of addends.slice(1)) addInPlace(ownSum, addend)
  }

  return {
    rank,
    worldSize,
    elementCount,
    description: `ordinary files, ${worldSize} ranks, in ${directory}`,
    mapping: null,

    write(elementOffset, source, format = 'float32') {
      gate.assertIdle()
      assertWithin(elementCount, elementOffset, source.length)
      const target = vector.subarray(elementOffset, elementOffset + source.length)
      if (format === 'float32') target.set(source)
      // What stays on this rank is rounded as what it sends, or sums would depend on who adds them.
      else widenBfloat16(inFormat(source, format) as Uint16Array, target)
    },
    read(elementOffset, target) {
      gate.assertIdle()
      assertWithin(elementCount, elementOffset, target.length)
      target.set(sum.subarray(elementOffset, elementOffset + target.length))
    },
    sum: (signal, format = 'float32') =>
      gate.run(async () => {
        const deadline = startCall(signal)
        const arrivedAt = performance.now()
        await barrier(deadline)
        const allArrivedAt = performance.now()
        await exchangeParts(format, deadline)
        addUp()
        await mailbox.exchange(
          messages(() => ownSum),
          messages((from) => partOf(sum, from)),
          deadline,
        )
        return exchangeTiming(arrivedAt, allArrivedAt)
      }),
    broadcast: (signal) =>
      gate.run(async () => {
        const deadline = startCall(signal)
        await barrier(deadline)
        if (rank === 0) {
          sum.set(vector)
          await mailbox.exchange(
            messages(() => vector),
            [],
            deadline,
          )
        } else {
          await mailbox.exchange([], [{ rank: 0, content: sum }], deadline)
        }
      }),
    barrier: (signal) => gate.run(() => barrier(startCall(signal))),
    close: gate.close,
  }
}

function otherRanks({ rank, worldSize }: FileExchangeOptions): number[] {
  return Array.from({ length: worldSize }, (_, other) => other).filter((other) => other !== rank)
}
