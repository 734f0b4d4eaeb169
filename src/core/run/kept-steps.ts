import type { StepRecord } from '../../shared/child/trainer-protocol.js'
import type { Measurement } from '../../shared/results/results.js'

/**
 * Steps of all ranks together that results hold of one measurement: some 300 bytes of memory each, and 200 in the file,
 * of which a run has one a measurement and a repeat.
 */
export const mostKeptSteps = 400_000

/**
 * The steps of every rank of one measurement. Once they are too many, every second one is left out, of all ranks the same
 * ones, and from then on as many more are: memory is bounded however long an epoch is, and what is left is spread evenly.
 */
export class KeptSteps {
  readonly ranks: Measurement['ranks']
  /** Of so many steps of a rank one is kept, the first one. */
  private stride = 1
  /** Steps of each rank so far. */
  private readonly seen: number[]
  private kept = 0

  /** @param most of all ranks; at least two a rank are kept */
  constructor(
    worldSize: number,
    private readonly most = mostKeptSteps,
  ) {
    this.ranks = Array.from({ length: worldSize }, (_, rank) => ({ rank, steps: [] }))
    this.seen = this.ranks.map(() => 0)
  }

  /** Of a rank's steps one in so many is kept; 1 while it is all of them. */
  get keptEvery(): number {
    return this.stride
  }

  add(rank: number, steps: readonly StepRecord[]): void {
    const own = this.ranks[rank]
    if (own === undefined) return
    for (const step of steps) {
      const ordinal = this.seen[rank] ?? 0
      this.seen[rank] = ordinal + 1
      if (ordinal % this.stride !== 0) continue
      own.steps.push(step)
      this.kept++
      if (this.kept > Math.max(this.most, 2 * this.ranks.length)) this.halve()
    }
  }

  /** Every step so far had so many images. */
  recount(images: number): void {
    for (const one of this.ranks) one.steps = one.steps.map((step) => ({ ...step, images }))
  }

  private halve(): void {
    this.stride *= 2
    this.kept = 0
    for (const one of this.ranks) {
      // Anew: what was handed out before is being written.
      one.steps = one.steps.filter((_, index) => index % 2 === 0)
      this.kept += one.steps.length
    }
  }
}

/** Said with a run whose results do not hold every step; null where they do. */
export function keptStepsNote({ title, keptEvery }: Measurement): string | null {
  if (keptEvery === undefined) return null
  return `${title} made more steps than results hold: of each rank, one step in ${keptEvery} is kept. Epoch times and throughput are of all steps.`
}
