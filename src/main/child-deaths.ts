import { app } from 'electron'
import type { ChildDeath } from './utility-exit.js'

const listeners = new Map<string, (death: ChildDeath) => void>()
let listening = false

/**
 * Tells how the utility process of that service name died, if Electron comes to say it: perhaps only after its
 * `exit`. One listener on the app for all children, however many.
 *
 * @returns ends the subscription
 */
export function onChildDeath(serviceName: string, listener: (death: ChildDeath) => void): () => void {
  if (!listening) {
    listening = true
    app.on('child-process-gone', (_event, details) => listeners.get(details.name ?? '')?.(details))
  }
  listeners.set(serviceName, listener)
  return () => listeners.delete(serviceName)
}
