import { TandemError } from '../../shared/errors.js'

/**
 * Guards what a member of a group holds. Its calls run one at a time; after a failed one, whose barrier may be
 * half-way, all later ones fail alike; and what they use is released only when none is running; `healthy` tells the release whether all of them succeeded.
 */
export interface CallGate {
  run<T>(call: () => Promise<T>): Promise<T>
  /** @throws TandemError if a call is running or the member was closed. */
  assertIdle(): void
  readonly closed: boolean
  /** Releases now, or when the running call has returned: it sees `closed` and stops. Once. */
  close(): void
}

export function createCallGate(release: (healthy: boolean) => void): CallGate {
  let running = false
  let closed = false
  let failure: unknown

  function assertIdle(): void {
    if (closed) throw misuse('it was closed')
    if (running) throw misuse('another call is still running')
  }

  return {
    async run(call) {
      assertIdle()
      if (failure !== undefined) throw failure
      running = true
      try {
        return await call()
      } catch (error) {
        failure = error
        throw error
      } finally {
        running = false
        if (closed) release(failure === undefined)
      }
    },
    assertIdle,
    get closed() {
      return closed
    },
    close() {
      if (closed) return
      closed = true
      if (!running) release(failure === undefined)
    },
  }
}

function misuse(reason: string): TandemError {
  return new TandemError({
    code: 'internal',
    message: `the group cannot be used: ${reason}`,
    hint: 'This is a defect in Tandem; please report it with the log.',
  })
}
