const EVENTS = ['uncaughtException', 'unhandledRejection'] as const

/**
 * Remembers the process's handlers of last resort; the function that it returns puts them back.
 *
 * Emscripten's start-up code adds listeners that throw again what reaches them: a crashed process would end with
 * exit code 7. And tfjs's attempt to take them back when the module ends removes everybody's.
 */
export function rememberProcessListeners(): () => void {
  const remembered = EVENTS.map((event) => ({ event, listeners: process.rawListeners(event) }))
  return () => {
    for (const { event, listeners } of remembered) {
      process.removeAllListeners(event)
      for (const listener of listeners) process.on(event, listener as () => void)
    }
  }
}
