/** One all-reduce that was measured. */
export interface MeasuredAllReduce {
  /** Of the vector that is summed: for gradients in fp32, 4 bytes a parameter. */
  bytes: number
  ms: number
  /** Ranks that took part, at least 2. */
  devices: number
}

/** In bytes a second, as nccl-tests reports them in GB/s. */
export interface AllReduceBandwidth {
  /** `algbw`: bytes / time. Falls with the number of ranks on the same hardware. */
  algorithmBytesPerSecond: number
  /** `busbw`: algbw x 2 (n - 1) / n, what each link must carry at least; to compare with the hardware's bandwidth. */
  busBytesPerSecond: number
}

/**
 * The bandwidths of nccl-tests (its doc/PERFORMANCE.md). Each of n ranks must send and receive 2 (n - 1) / n of the
 * vector, whatever the algorithm, if the links do the work; so bus bandwidth carries over to other numbers of ranks.
 */
export function allReduceBandwidth({ bytes, ms, devices }: MeasuredAllReduce): AllReduceBandwidth {
  const algorithmBytesPerSecond = bytes / (ms / 1000)
  return {
    algorithmBytesPerSecond,
    busBytesPerSecond: algorithmBytesPerSecond * linkShare(devices),
  }
}

/** How long an all-reduce takes at this bus bandwidth; 0 for one device. */
export function allReduceMs(bytes: number, devices: number, busBytesPerSecond: number): number {
  return ((bytes * linkShare(devices)) / busBytesPerSecond) * 1000
}

function linkShare(devices: number): number {
  return (2 * (devices - 1)) / devices
}
