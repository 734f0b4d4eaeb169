import { connectMessage } from '../../shared/desktop-bridge.js'
import { openMessagePortWire, type Port } from './message-port-wire.js'
import type { OpenWire } from './page-wire.js'
import { openWebSocketWire } from './web-socket-wire.js'

/** The wire of whichever shell shows this page: only the desktop app leaves something of its own in the window. */
export const openWire: OpenWire = () =>
  window.tandem === undefined ? openWebSocketWire() : openMessagePortWire(handToPreload)

/** The preload listens in this window, and a message to this window's own origin reaches nobody else. */
function handToPreload(port: Port): void {
  window.postMessage(connectMessage, '/', [port])
}
