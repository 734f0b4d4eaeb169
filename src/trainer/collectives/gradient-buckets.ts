const mebibyte = 2 ** 20

/** A bucket takes gradients until it holds this much. */
export interface BucketLimits {
  /** The first one is small, so that communication starts early in the backward pass. */
  firstBytes: number
  otherBytes: number
}

/** Those of PyTorch's DistributedDataParallel (`bucket_cap_mb`, `kDefaultFirstBucketBytes`). */
const defaultLimits: BucketLimits = { firstBytes: mebibyte, otherBytes: 25 * mebibyte }

/**
 * Which float32 gradients are exchanged together, by index. Later layers come first, since the backward pass
 * finishes their gradients first. The scheme of `_compute_bucket_assignment_by_size` in PyTorch: a gradient
 * is never divided, and the one that reaches the limit is still taken.
 */
export function planBuckets(
  elementCounts: readonly number[],
  limits: BucketLimits = defaultLimits,
): number[][] {
  const buckets: number[][] = []
  let bucket: number[] = []
  let bytes = 0
  for (const [index, elementCount] of [...elementCounts.entries()].reverse()) {
    bucket.push(index)
    bytes += elementCount * Float32Array.BYTES_PER_ELEMENT
    if (bytes < (buckets.length === 0 ? limits.firstBytes : limits.otherBytes)) continue
    buckets.push(bucket)
    bucket = []
    bytes = 0
  }
  return bucket.length === 0 ? buckets : [...buckets, bucket]
}
