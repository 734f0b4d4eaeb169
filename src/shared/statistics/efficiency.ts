import type { SpeedupEstimate } from './speedup-estimate.js'

export interface Efficiency {
  /** Speedup over devices: 1 where N devices are N times as fast. */
  efficiency: number
  /** The ends of the 95 % interval; null with one block. */
  low: number | null
  high: number | null
  /**
   * Above 100 %: `surely` where the whole interval is. More devices cannot do the same work in less than their
   * share of the time, so then something else differs: caches that a smaller share fits into, clocks, or a base
   * that was slowed.
   */
  aboveIdeal: 'no' | 'possibly' | 'surely'
}

/** `devices` may be fractional, as for Single on all cores, which is one device with the cores of several. */
export function efficiencyOf({ speedup, low, high }: SpeedupEstimate, devices: number): Efficiency {
  const efficiency = speedup / devices
  const lowEfficiency = low === null ? null : low / devices
  return {
    efficiency,
    low: lowEfficiency,
    high: high === null ? null : high / devices,
    aboveIdeal: aboveIdeal(efficiency, lowEfficiency),
  }
}

function aboveIdeal(efficiency: number, low: number | null): Efficiency['aboveIdeal'] {
  if (low !== null && low > 1) return 'surely'
  return efficiency > 1 ? 'possibly' : 'no'
}
