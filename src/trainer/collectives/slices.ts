/** A run of elements within a vector. */
export interface Slice {
  elementOffset: number
  elementCount: number
}

/** 64 bytes of bfloat16: no two ranks write to one cache line, and TensorFlow shares what starts there. */
const blockElements = 32

/**
 * The part of a vector that each rank sums: disjoint, in rank order, covering every element once. All start on a
 * multiple of 32 elements and none is more than 32 longer than another; short vectors leave some ranks nothing.
 */
export function sliceOfRank(elementCount: number, rank: number, worldSize: number): Slice {
  const blocks = Math.ceil(elementCount / blockElements)
  const start = (part: number) =>
    Math.min(elementCount, Math.floor((blocks * part) / worldSize) * blockElements)
  return { elementOffset: start(rank), elementCount: start(rank + 1) - start(rank) }
}
