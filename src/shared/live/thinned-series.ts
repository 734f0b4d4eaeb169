const leastRoom = 4

/**
 * A series of any length in bounded memory. Neighbouring entries share a bucket that keeps, by channel, the
 * least, the greatest and the mean: a spike of a single entry stays visible however long the run gets. When the
 * buckets are used up, each pair of neighbours becomes one, so a bucket always stands for the same number of
 * entries, a power of two.
 *
 * The same entries always give the same buckets, so the host and every page that follows it hold equal series.
 */
export class ThinnedSeries {
  readonly channels: number
  readonly capacity: number
  private entriesInBucket = 1
  private entryCount = 0
  /** Buckets that there is memory for: it grows with the entries, so that a short series of many channels costs little. */
  private room = 0
  private minima = new Float64Array()
  private maxima = new Float64Array()
  private sums = new Float64Array()
  private counts = new Uint32Array()

  /** @param capacity the most buckets that are kept; even */
  constructor(channels: number, capacity = 1024) {
    this.channels = channels
    this.capacity = capacity
  }

  /** Entries that were appended. */
  get length(): number {
    return this.entryCount
  }

  get bucketCount(): number {
    return Math.ceil(this.entryCount / this.entriesInBucket)
  }

  /** Entries that a full bucket stands for. */
  get bucketSize(): number {
    return this.entriesInBucket
  }

  /** Adds an entry with a value for each channel; null where there is none, which no minimum or mean counts. */
  append(values: readonly (number | null)[]): void {
    if (this.entryCount === this.capacity * this.entriesInBucket) this.halve()
    const bucket = Math.floor(this.entryCount / this.entriesInBucket)
    if (this.entryCount % this.entriesInBucket === 0) this.begin(bucket)
    for (let channel = 0; channel < this.channels; channel++) {
      const value = values[channel]
      if (value === null || value === undefined || Number.isNaN(value)) continue
      const at = this.position(channel, bucket)
      this.minima[at] = Math.min(this.minima[at] as number, value)
      this.maxima[at] = Math.max(this.maxima[at] as number, value)
      this.sums[at] = (this.sums[at] as number) + value
      this.counts[at] = (this.counts[at] as number) + 1
    }
    this.entryCount++
  }

  /** Replaces some channels, bucket by bucket, by what all entries of a bucket are to have in them; null for no value. */
  rewrite(
    channels: readonly number[],
    valuesOf: (bucket: number, entries: number) => readonly (number | null)[],
  ): void {
    for (let bucket = 0; bucket < this.bucketCount; bucket++) {
      const entries = Math.min(this.entriesInBucket, this.entryCount - bucket * this.entriesInBucket)
      const values = valuesOf(bucket, entries)
      for (const [index, channel] of channels.entries()) {
        const at = this.position(channel, bucket)
        const value = values[index] ?? null
        this.counts[at] = value === null ? 0 : entries
        this.sums[at] = (value ?? 0) * entries
        this.minima[at] = value ?? Number.POSITIVE_INFINITY
        this.maxima[at] = value ?? Number.NEGATIVE_INFINITY
      }
    }
  }

  /** The mean of a bucket's entries in this channel; null where none had a value. */
  mean(channel: number, bucket: number): number | null {
    const at = this.position(channel, bucket)
    const count = this.counts[at] ?? 0
    return count === 0 ? null : (this.sums[at] as number) / count
  }

  minimum(channel: number, bucket: number): number | null {
    const at = this.position(channel, bucket)
    return (this.counts[at] ?? 0) === 0 ? null : (this.minima[at] as number)
  }

  maximum(channel: number, bucket: number): number | null {
    const at = this.position(channel, bucket)
    return (this.counts[at] ?? 0) === 0 ? null : (this.maxima[at] as number)
  }

  /** The mean of the newest bucket that has a value in this channel; null without one. */
  latest(channel: number): number | null {
    for (let bucket = this.bucketCount - 1; bucket >= 0; bucket--) {
      const mean = this.mean(channel, bucket)
      if (mean !== null) return mean
    }
    return null
  }

  /** Over all entries that have a value in this channel; null without one. */
  overallMean(channel: number): number | null {
    let [sum, count] = [0, 0]
    for (let bucket = 0; bucket < this.bucketCount; bucket++) {
      const at = this.position(channel, bucket)
      sum += this.sums[at] as number
      count += this.counts[at] as number
    }
    return count === 0 ? null : sum / count
  }

  toSnapshot(): ThinnedSeriesSnapshot {
    const { channels, capacity, entriesInBucket: bucketSize, entryCount: length, bucketCount } = this
    const part = (values: Float64Array | Uint32Array): number[][] =>
      Array.from({ length: channels }, (_, channel) =>
        Array.from({ length: bucketCount }, (_, bucket) => values[this.position(channel, bucket)] as number),
      )
    const counts = part(this.counts)
    // An empty bucket's minimum is infinite, which JSON cannot say; with a count of 0 nobody reads it.
    const finite = (rows: number[][]): number[][] =>
      rows.map((row, channel) => row.map((value, bucket) => (counts[channel]?.[bucket] === 0 ? 0 : value)))
    return {
      channels,
      capacity,
      bucketSize,
      length,
      minima: finite(part(this.minima)),
      maxima: finite(part(this.maxima)),
      sums: part(this.sums),
      counts,
    }
  }

  static fromSnapshot(snapshot: ThinnedSeriesSnapshot): ThinnedSeries {
    const series = new ThinnedSeries(snapshot.channels, snapshot.capacity)
    series.entriesInBucket = snapshot.bucketSize
    series.entryCount = snapshot.length
    for (let bucket = 0; bucket < series.bucketCount; bucket++) series.begin(bucket)
    for (let channel = 0; channel < series.channels; channel++) {
      snapshot.counts[channel]?.forEach((count, bucket) => {
        if (count === 0) return
        const at = series.position(channel, bucket)
        series.counts[at] = count
        series.sums[at] = snapshot.sums[channel]?.[bucket] ?? 0
        series.minima[at] = snapshot.minima[channel]?.[bucket] ?? 0
        series.maxima[at] = snapshot.maxima[channel]?.[bucket] ?? 0
      })
    }
    return series
  }

  private position(channel: number, bucket: number): number {
    return bucket * this.channels + channel
  }

  private begin(bucket: number): void {
    if (bucket >= this.room) this.makeRoom()
    for (let channel = 0; channel < this.channels; channel++) {
      const at = this.position(channel, bucket)
      this.minima[at] = Number.POSITIVE_INFINITY
      this.maxima[at] = Number.NEGATIVE_INFINITY
      this.sums[at] = 0
      this.counts[at] = 0
    }
  }

  private makeRoom(): void {
    this.room = Math.min(this.capacity, Math.max(leastRoom, 2 * this.room))
    const length = this.channels * this.room
    const { minima, maxima, sums, counts } = this
    this.minima = new Float64Array(length)
    this.minima.set(minima)
    this.maxima = new Float64Array(length)
    this.maxima.set(maxima)
    this.sums = new Float64Array(length)
    this.sums.set(sums)
    this.counts = new Uint32Array(length)
    this.counts.set(counts)
  }

  private halve(): void {
    for (let channel = 0; channel < this.channels; channel++) {
      for (let bucket = 0; bucket < this.capacity / 2; bucket++) {
        const to = this.position(channel, bucket)
        const left = this.position(channel, 2 * bucket)
        const right = this.position(channel, 2 * bucket + 1)
        this.minima[to] = Math.min(this.minima[left] as number, this.minima[right] as number)
        this.maxima[to] = Math.max(this.maxima[left] as number, this.maxima[right] as number)
        this.sums[to] = (this.sums[left] as number) + (this.sums[right] as number)
        this.counts[to] = (this.counts[left] as number) + (this.counts[right] as number)
      }
    }
    this.entriesInBucket *= 2
  }
}

/** A series as JSON: one list a channel, one number a bucket. */
export interface ThinnedSeriesSnapshot {
  channels: number
  capacity: number
  bucketSize: number
  length: number
  minima: number[][]
  maxima: number[][]
  sums: number[][]
  counts: number[][]
}
