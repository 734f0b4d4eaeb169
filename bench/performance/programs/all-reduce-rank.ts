import { median } from '../../../src/shared/statistics/quantiles.js'
import { createSharedMemoryAllReduce } from '../../../src/trainer/collectives/shared-memory.js'
import { platform } from '../../../src/trainer/platform/index.js'

/*
 * One rank of an all-reduce: PATH RANK CORES ELEMENTS ROUNDS, the last three lists joined by commas: a core a rank,
 * and a vector with its number of rounds. A round is what a DDP step does: write the vector, sum, read the sum. It
 * prints its median of both for each vector, without the first three rounds, as one line of JSON.
 */

const [path = '', rankText = '0', ...lists] = process.argv.slice(2)
const rank = Number(rankText)
const [cores = [], elements = [], rounds = []] = lists.map((list) => list.split(',').map(Number))
platform.pinToCores([cores[rank] as number])

const sumMs: number[] = []
const medianMs: number[] = []
for (const [index, elementCount] of elements.entries()) {
  const times = await measure(`${path}-${index}`, elementCount, rounds[index] as number)
  sumMs.push(times.sumMs)
  medianMs.push(times.roundMs)
}
console.log(JSON.stringify({ sumMs, medianMs }))

async function measure(file: string, elementCount: number, count: number) {
  const worldSize = cores.length
  const group = await createSharedMemoryAllReduce({
    path: file,
    rank,
    worldSize,
    elementCount,
    timeoutMs: 60_000,
  })
  const vector = new Float32Array(elementCount).fill(1)
  const sums: number[] = []
  const whole: number[] = []
  for (let round = -3; round < count; round++) {
    await group.barrier()
    const startedAt = performance.now()
    group.write(0, vector)
    const { totalMs } = await group.sum()
    group.read(0, vector)
    const roundMs = performance.now() - startedAt
    vector.fill(1)
    if (round < 0) continue
    sums.push(totalMs)
    whole.push(roundMs)
  }
  group.close()
  return { sumMs: median(sums), roundMs: median(whole) } as { sumMs: number; roundMs: number }
}
