import { connectMessage } from '../../shared/desktop/desktop-bridge.js'
import { openMessagePortWire, type Port } from './message-port-wire.js'
import { ownPageSecret } from './page-secret.js'
import type { OpenWire } from './page-wire.js'
import { openWebSocketWire } from './web-socket-wire.js'

/** How whichever shell shows this page is reached: only the desktop app leaves something of its own in the window. */
export function wireOpener(): OpenWire {
  if (window.tandem !== undefined) return () => openMessagePortWire(handToPreload)
  const secret = ownPageSecret()
  return () => openWebSocketWire(secret)
}

/** The preload listens in this window, and a message to this window's own origin reaches nobody else. */
function handToPreload(port: Port): void {
  window.postMessage(connectMessage, '/', [port])
}
