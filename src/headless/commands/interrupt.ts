const interruptedExitCode = 130

/**
 * Launchers such as npm pass on a Ctrl-C that the terminal has already sent to everyone: what follows this soon
 * is the same one.
 */
const sameInterruptMs = 500

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs `action` with a signal that Ctrl-C, a closed terminal or a polite request to end fires instead of ending
 * the process.
 * A second one ends it at once.
 */
export async function withInterrupt<T>(action: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let interruptedAtMs = Number.NEGATIVE_INFINITY
  const onInterrupt = (): void => {
    const nowMs = performance.now()
    if (nowMs - interruptedAtMs < sameInterruptMs) return
    interruptedAtMs = nowMs
    if (controller.signal.aborted) process.exit(interruptedExitCode)
    controller.abort()
  }
  // Not `once`: a progress line hides the cursor, and the library that restores it ends the process when it
  // finds no other listener left while the signal is handled.
  for (const signal of signals) process.on(signal, onInterrupt)
  try {
    return await action(controller.signal)
  } finally {
    for (const signal of signals) process.off(signal, onInterrupt)
  }
}
