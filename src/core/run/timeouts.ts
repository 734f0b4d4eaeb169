/** How long run control waits for trainers, in milliseconds. Generous: a timeout ends a measurement. */
export interface RunTimeouts {
  /** From the start of a group until every rank is ready: loading the engine, joining the collective. */
  readyMs: number
  /** Without any message from a trainer, before it counts as hung; longer when its steps are long. */
  silenceMs: number
  /** From `stop` until it is asked to end (SIGTERM): someone is waiting, and a step may take its time. */
  stopMs: number
  /** From a trainer's last message until the same: it is freeing what it held. */
  exitMs: number
  /** The same when another rank failed: nobody waits for a result any more. */
  stopAfterFailureMs: number
  /** From SIGTERM until SIGKILL. */
  terminateMs: number
  /** From SIGKILL until the process is given up on: a driver call can make it unkillable. */
  killMs: number
  /** After a first error, for the errors that name its cause. */
  rootCauseMs: number
  /** For a rank at an exchange of gradients, before it names those that did not come. */
  collectiveMs: number
}

export const defaultTimeouts: RunTimeouts = {
  readyMs: 5 * 60_000,
  silenceMs: 15 * 60_000,
  // Stop works within 5 seconds: these three and the time to notice are less.
  stopMs: 3_000,
  exitMs: 10_000,
  stopAfterFailureMs: 2_000,
  terminateMs: 1_000,
  killMs: 10_000,
  rootCauseMs: 500,
  collectiveMs: 10 * 60_000,
}

/**
 * The longest silence of a healthy trainer whose slowest step so far took `longestStepMs`: between two
 * messages may lie some steps, and an evaluation of `evaluationSteps` batches.
 */
export function silenceLimitMs(silenceMs: number, longestStepMs: number, evaluationSteps: number): number {
  return silenceMs + longestStepMs * (10 + evaluationSteps)
}
