import { median } from '../../../src/shared/statistics/quantiles.js'
import { createSharedMemoryAllReduce } from '../../../src/trainer/collectives/shared-memory.js'
import { platform } from '../../../src/trainer/platform/index.js'
import { createMappedReducer } from '../../../src/trainer/runtime/mapped-exchange.js'
import { createOneCoreBackend } from './one-core.js'

/*
 * One rank of an all-reduce: PATH RANK CORES ELEMENTS ROUNDS [LIBRARY_DIR]. Three are lists joined by commas: a core a
 * rank, and a vector with its number of rounds. A round is what a DDP step does: write the vector, sum, read the sum.
 * With a library TensorFlow adds, as in DDP on TensorFlow, else JavaScript, as on wasm. It prints its median of both for
 * each vector, without the first three rounds, as one line of JSON.
 */

const [path = '', rankText = '0', ...rest] = process.argv.slice(2)
const rank = Number(rankText)
const [cores = [], elements = [], rounds = []] = rest.slice(0, 3).map((list) => list.split(',').map(Number))
platform.pinToCores([cores[rank] as number])
const [, , , libraryDir] = rest
const backend = libraryDir === undefined ? null : await createOneCoreBackend(libraryDir)

const sumMs: number[] = []
const medianMs: number[] = []
for (const [index, elementCount] of elements.entries()) {
  const times = await measure(`${path}-${index}`, elementCount, rounds[index] as number)
  sumMs.push(times.sumMs)
  medianMs.push(times.roundMs)
}
backend?.dispose()
console.log(JSON.stringify({ sumMs, medianMs }))

async function measure(file: string, elementCount: number, count: number) {
  const worldSize = cores.length
  const reducer = backend === null ? null : createMappedReducer(backend)
  const group = await createSharedMemoryAllReduce({
    path: file,
    rank,
    worldSize,
    elementCount,
    timeoutMs: 60_000,
    ...(reducer !== null && { reduceSlice: reducer.reduceSlice }),
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
  reducer?.dispose()
  group.close()
  return { sumMs: median(sums), roundMs: median(whole) } as { sumMs: number; roundMs: number }
}
