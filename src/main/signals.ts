/** Launchers pass on what the terminal has sent to everyone already: what follows this soon is the same one. */
const sameSignalMs = 500

/**
 * A first Ctrl-C, closed terminal or polite request to end calls `onFirst`, the second one `onSecond`. To be set up
 * after `ready`: before it, Electron sets handlers of its own, which would replace these.
 */
export function onEndingSignals(onFirst: () => void, onSecond: () => void): void {
  let firstAtMs: number | null = null
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const nowMs = performance.now()
      if (firstAtMs === null) {
        firstAtMs = nowMs
        onFirst()
      } else if (nowMs - firstAtMs > sameSignalMs) onSecond()
    })
  }
}
