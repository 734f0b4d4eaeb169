/** A rank that is delayed on purpose, to show what one slow rank does to the others. */
export interface SlowRank {
  rank: number
  /** So many times as long as it takes by itself. */
  factor: number
}

export const noSlowRank = 'none'

/** `none`, or `1:1.5x`: more than once as long, and ten times at most. */
export const slowRankPattern = /^(none|\d{1,4}:(1\.\d{0,3}[1-9]|[2-9](\.\d{1,4})?|10)x)$/

/** Null for `none`. */
export function slowRankOf(text: string): SlowRank | null {
  const [, rank, factor] = /^(\d+):([\d.]+)x$/.exec(text) ?? []
  return rank === undefined || factor === undefined ? null : { rank: Number(rank), factor: Number(factor) }
}

/** `rank 1 slowed 1.5x on purpose` */
export function describeSlowRank({ rank, factor }: SlowRank): string {
  return `rank ${rank} slowed ${factor}x on purpose`
}
