/**
 * What DistributedDataParallel needs of the processes that train together, apart from exchanging gradients,
 * whatever they exchange through. Every rank makes the same calls in the same order. A call rejects with
 * `collective-timeout` or `collective-failed` when another rank does not come, and with `stopped` when the
 * trainer is told to stop.
 */
export interface RankGroup {
  readonly rank: number
  readonly worldSize: number
  /** One line for people: "shared memory, 2 ranks, 134 MB in /dev/shm". */
  readonly description: string
  /** The sum over all ranks, element by element; equal in every bit on all of them. */
  sum(values: Float32Array): Promise<Float32Array>
  /** Rank 0's values, on every rank. `values` of the others give the length only. */
  broadcast(values: Float32Array): Promise<Float32Array>
  close(): void
}
