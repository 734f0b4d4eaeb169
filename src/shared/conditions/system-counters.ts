/** What the system has counted since it started. Null where it does not count. */
export interface SystemCounters {
  /** How often a core slowed down because it was too hot, over all cores. */
  thermalThrottles: number | null
  /** Scheduling periods of the container's quota, and those in which it was used up. */
  quotaPeriods: { all: number; throttled: number } | null
  /** Time in which some program waited for memory. */
  memoryStalledMs: number | null
}

export interface CountersGrowth {
  thermalThrottles: number | null
  quotaThrottledShare: number | null
  memoryStalledShare: number | null
}

/** What was counted in the `seconds` between two readings; null where one of them is missing. */
export function countersGrowth(
  before: SystemCounters | null,
  after: SystemCounters | null,
  seconds: number,
): CountersGrowth {
  const stalledMs = grown(before?.memoryStalledMs, after?.memoryStalledMs)
  const periods = grown(before?.quotaPeriods?.all, after?.quotaPeriods?.all)
  const throttled = grown(before?.quotaPeriods?.throttled, after?.quotaPeriods?.throttled)
  return {
    thermalThrottles: grown(before?.thermalThrottles, after?.thermalThrottles),
    quotaThrottledShare: ratio(throttled, periods),
    memoryStalledShare: ratio(stalledMs, seconds * 1000),
  }
}

/** Counters of a core that was taken offline start anew. */
function grown(before: number | null | undefined, after: number | null | undefined): number | null {
  return before == null || after == null ? null : Math.max(0, after - before)
}

function ratio(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole <= 0 ? null : Math.min(1, part / whole)
}
