import type { GroupShape } from './group-shape.js'

/** Where everything lies in the file that a group maps. Offsets in bytes. */
export interface GroupLayout extends GroupShape {
  byteLength: number
  /** One counter a rank, a cache line each: how many barriers it has arrived at. */
  arrivalOffsets: readonly number[]
  /** Two sets of one semaphore a rank. */
  semaphoreOffsets: readonly [readonly number[], readonly number[]]
  /** One vector of float32 a rank. */
  contributionOffsets: readonly number[]
  sumOffset: number
}

const cacheLine = 64
/** Vectors start on pages, so that none shares one with another rank's. */
const page = 4096

/** The layout that all ranks compute alike: header, arrivals, semaphores, a vector a rank, the sum. */
export function layOutGroup({ elementCount, worldSize }: GroupShape, semaphoreBytes: number): GroupLayout {
  const row = (start: number, stride: number) =>
    Array.from({ length: worldSize }, (_, rank) => start + rank * stride)

  const arrivals = cacheLine
  const semaphores = roundUp(arrivals + worldSize * cacheLine, semaphoreBytes)
  const vectors = roundUp(semaphores + 2 * worldSize * semaphoreBytes, page)
  const vectorStride = roundUp(elementCount * Float32Array.BYTES_PER_ELEMENT, page)
  const sumOffset = vectors + worldSize * vectorStride
  return {
    elementCount,
    worldSize,
    byteLength: sumOffset + vectorStride,
    arrivalOffsets: row(arrivals, cacheLine),
    semaphoreOffsets: [
      row(semaphores, semaphoreBytes),
      row(semaphores + worldSize * semaphoreBytes, semaphoreBytes),
    ],
    contributionOffsets: row(vectors, vectorStride),
    sumOffset,
  }
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple
}
