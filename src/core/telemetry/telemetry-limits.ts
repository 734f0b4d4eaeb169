/** How long the host waits for its sampler, in milliseconds. */
export interface TelemetryLimits {
  /** From its start until its first sample: a driver that is not kept loaded takes seconds to wake. */
  startMs: number
  /** Between two samples, before it counts as hung. */
  silenceMs: number
  /** From `stop` until it is killed. */
  stopMs: number
  /** From then until it is given up: a driver call can make a process unkillable. */
  killMs: number
  /** From a loss until the next start; four times longer after every loss, up to the second figure. */
  firstRestartMs: number
  mostRestartMs: number
  /** After as long a life, a loss counts as the first one again. */
  stableMs: number
}

export const defaultTelemetryLimits: TelemetryLimits = {
  startMs: 30_000,
  silenceMs: 3_000,
  stopMs: 1_000,
  killMs: 2_000,
  firstRestartMs: 500,
  mostRestartMs: 60_000,
  stableMs: 60_000,
}
