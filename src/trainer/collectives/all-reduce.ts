/** How a rank's vector travels to the others. Sums are float32 either way. */
export type WireFormat = 'float32' | 'bfloat16'

/** Bytes of one element on its way. */
export const wireBytes: Readonly<Record<WireFormat, number>> = { float32: 4, bfloat16: 2 }

/**
 * Sums equal-length float32 vectors over the ranks of one group, through host memory. Every rank makes the
 * same calls in the same order. Any call rejects with `collective-timeout`, naming the ranks that did not
 * arrive, once the group's deadline passes, and with `stopped` when `signal` is aborted.
 */
export interface HostAllReduce {
  readonly rank: number
  readonly worldSize: number
  readonly elementCount: number
  /** One line for people: "shared memory, 2 ranks, 134 MB in /dev/shm". */
  readonly description: string

  /** Copies into this rank's vector, rounding to `format`. Allowed between `sum` calls only. */
  write(elementOffset: number, source: Float32Array, format?: WireFormat): void
  /** This rank's vector and the sum in memory, where the group is mapped; null for exchange by files. */
  readonly mapping: MappedVectors | null
  /**
   * Resolves when the sum may be read. It stays unchanged until the next `sum` of every rank has begun. All of the
   * vector must have been written in `format`.
   */
  sum(signal?: AbortSignal, format?: WireFormat): Promise<ExchangeTiming>
  /** Copies out of the sum. */
  read(elementOffset: number, target: Float32Array): void

  /** Makes rank 0's vector the sum of every rank (weights at the start, buffers after). */
  broadcast(signal?: AbortSignal): Promise<void>
  barrier(signal?: AbortSignal): Promise<void>
  close(): void
}

/** Addresses into the mapping. Valid until `close`. Each vector starts on a 64-byte boundary. */
export interface MappedVectors {
  /** Each rank's own vector; in bfloat16 it is the first half of the same memory. */
  readonly contributions: readonly bigint[]
  readonly sum: bigint
  /** The part of the sum that this rank computes. */
  readonly slice: { elementOffset: number; elementCount: number }
}

export interface ExchangeTiming {
  /** When this rank arrived, milliseconds since the Unix epoch from a monotonic clock. */
  arrivedAtMs: number
  /** Waiting for the slowest rank. */
  waitMs: number
  /** From arrival to leaving with the sum, waiting included. */
  totalMs: number
}

/**
 * Adds this rank's slice of all contributions into the sum. Replaces the built-in one where the engine has
 * a faster adder (TensorFlow's AddN on tensors that alias the mapping).
 */
export type SliceReducer = (mapping: MappedVectors, format: WireFormat) => void
