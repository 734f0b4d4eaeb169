import { scaleLinear } from 'd3-scale'

/** An axis in the units of what is measured. */
export interface Axis {
  from: number
  to: number
}

/** Round values along an axis, about so many. */
export function roundTicks({ from, to }: Axis, about: number): number[] {
  return scaleLinear([from, to], [0, 1]).ticks(Math.max(2, about))
}

/** The axis with its ends at round values. */
export function niceAxis({ from, to }: Axis, ticks: number): Axis {
  const [niceFrom = from, niceTo = to] = scaleLinear([from, to], [0, 1]).nice(ticks).domain()
  return { from: niceFrom, to: niceTo }
}

/** Closer, their figures would touch; as a share of the axis. */
const leastTickGap = 0.055

/** 1, 2, 4, 8 ...: what devices are bought in. Of a long axis the first ones are left out where they would touch. */
export function doublingTicks(to: number): number[] {
  const all = Array.from({ length: Math.floor(Math.log2(to)) + 1 }, (_, power) => 2 ** power)
  const kept: number[] = []
  for (const tick of all.reverse()) {
    const next = kept[0]
    if (next === undefined || tick === 1 || next - tick >= leastTickGap * (to - 1)) kept.unshift(tick)
  }
  // 1 is where every curve begins: it stays, and what touches it goes.
  return kept.filter((tick) => tick === 1 || tick - 1 >= leastTickGap * (to - 1))
}
