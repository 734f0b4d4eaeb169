/** How long run control waits for trainers, in milliseconds. Generous: a timeout ends a measurement. */
export interface RunTimeouts {
  /** From the start of a group until every rank is ready: loading the engine, joining the collective. */
  readyMs: number
  /** Without any message from a trainer, before it counts as hung; longer when its steps are long. */
  silenceMs: number
  /** From `stop`, or from a trainer's last message, until it is asked to end (SIGTERM). */
  stopMs: number
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
  stopMs: 10_000,
  stopAfterFailureMs: 2_000,
  terminateMs: 2_000,
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
