const interruptedExitCode = 130

/**
 * Runs `action` with a signal that Ctrl-C, or a polite request to end, fires instead of ending the process.
 * A second one ends it at once.
 */
export async function withInterrupt<T>(action: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const onInterrupt = (): void => {
    if (controller.signal.aborted) process.exit(interruptedExitCode)
    controller.abort()
  }
  // Not `once`: a progress line hides the cursor, and the library that restores it ends the process when it
  // finds no other listener left while the signal is handled.
  process.on('SIGINT', onInterrupt)
  process.on('SIGTERM', onInterrupt)
  try {
    return await action(controller.signal)
  } finally {
    process.off('SIGINT', onInterrupt)
    process.off('SIGTERM', onInterrupt)
  }
}
