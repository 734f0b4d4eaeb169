import { availableParallelism } from 'node:os'
import { createSharedMemoryAllReduce } from '../src/trainer/collectives/shared-memory.js'
import { platform } from '../src/trainer/platform/index.js'

/*
 * One rank of `all-reduce.mjs`: PATH RANK WORLD_SIZE ELEMENTS ROUNDS. A round is what a DDP step does: write the
 * vector, sum, read the sum. Rank 0 prints the median of both as one line of JSON.
 */

const [path = '', ...numbers] = process.argv.slice(2)
const [rank = 0, worldSize = 1, elementCount = 1, rounds = 1] = numbers.map(Number)
platform.pinToCores([rank % availableParallelism()])

const group = await createSharedMemoryAllReduce({ path, rank, worldSize, elementCount, timeoutMs: 60_000 })
const vector = new Float32Array(elementCount).fill(1)
const sumTimes: number[] = []
const roundTimes: number[] = []
for (let round = -3; round < rounds; round++) {
  await group.barrier()
  const startedAt = performance.now()
  group.write(0, vector)
  const { totalMs } = await group.sum()
  group.read(0, vector)
  const roundMs = performance.now() - startedAt
  vector.fill(1)
  if (round < 0) continue
  sumTimes.push(totalMs)
  roundTimes.push(roundMs)
}
group.close()
if (rank === 0) console.log(JSON.stringify({ sumMs: median(sumTimes), medianMs: median(roundTimes) }))

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
