/**
 * Random numbers by counter: each is a hash of what it is for (seed, stream, index), so any of them can be
 * had without drawing those before it. That is what lets ranks agree on a permutation and a picture be
 * augmented alike whichever worker gets it. Not for secrets.
 *
 * The hash is pcg4d from Jarzynski and Olano, "Hash Functions for GPU Rendering", JCGT 9(3), 2020.
 */
export type Random4 = [number, number, number, number]

/** Four unsigned 32-bit numbers from four 32-bit keys. */
export function hash4(a: number, b: number, c: number, d: number): Random4 {
  let x = (Math.imul(a, 1664525) + 1013904223) | 0
  let y = (Math.imul(b, 1664525) + 1013904223) | 0
  let z = (Math.imul(c, 1664525) + 1013904223) | 0
  let w = (Math.imul(d, 1664525) + 1013904223) | 0
  x = (x + Math.imul(y, w)) | 0
  y = (y + Math.imul(z, x)) | 0
  z = (z + Math.imul(x, y)) | 0
  w = (w + Math.imul(y, z)) | 0
  x ^= x >>> 16
  y ^= y >>> 16
  z ^= z >>> 16
  w ^= w >>> 16
  x = (x + Math.imul(y, w)) | 0
  y = (y + Math.imul(z, x)) | 0
  z = (z + Math.imul(x, y)) | 0
  w = (w + Math.imul(y, z)) | 0
  return [x >>> 0, y >>> 0, z >>> 0, w >>> 0]
}

/** A sequence of numbers for one purpose: `stream` keeps purposes apart under one seed. */
export class RandomStream {
  private index = 0
  private spareNormal: number | null = null

  constructor(
    private readonly seed: number,
    private readonly stream: number,
  ) {}

  /** An integer in [0, 2^32). */
  uint32(): number {
    return hash4(this.seed, this.stream, this.index++, 0)[0]
  }

  /** In [0, 1), with 32 bits. */
  uniform(): number {
    return this.uint32() / 2 ** 32
  }

  /** An integer in [0, bound); `bound` at most 2^32. Scaling, not modulo: biased by less than bound / 2^32. */
  below(bound: number): number {
    return Math.floor(this.uniform() * bound)
  }

  /** Standard normal, by Box and Muller's transform. */
  normal(): number {
    if (this.spareNormal !== null) {
      const spare = this.spareNormal
      this.spareNormal = null
      return spare
    }
    const [first, second] = hash4(this.seed, this.stream, this.index++, 1)
    const radius = Math.sqrt(-2 * Math.log((first + 1) / 2 ** 32))
    const angle = (2 * Math.PI * second) / 2 ** 32
    this.spareNormal = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }

  /** 0 .. length - 1 in random order (Fisher and Yates). */
  permutation(length: number): Uint32Array {
    const order = Uint32Array.from({ length }, (_, index) => index)
    for (let last = length - 1; last > 0; last--) {
      const other = this.below(last + 1)
      const held = order[last] as number
      order[last] = order[other] as number
      order[other] = held
    }
    return order
  }
}
