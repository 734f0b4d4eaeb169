import type { ConnectionRefusal } from '../../shared/desktop/desktop-bridge.js'
import type { PageWire } from './page-wire.js'

/** A browser's port, or in tests Node's, which has the same events. */
export type Port = InstanceType<typeof MessagePort>

/**
 * The wire of the desktop app: one end of a channel, whose other end the preload hands to the main process. Messages
 * are copied as they are.
 *
 * @param handOver gives the other end to the preload
 */
export function openMessagePortWire(handOver: (hostPort: Port) => void): PageWire {
  const { port1: port, port2: hostPort } = new MessageChannel()
  let open = true
  let onClose = (): void => {}
  const end = (): void => {
    if (!open) return
    open = false
    port.close()
    onClose()
  }
  // Chromium tells when the other end is gone, as Node does; older browsers did not.
  port.addEventListener('close', end)
  handOver(hostPort)
  return {
    send(message) {
      if (open) port.postMessage(message)
    },
    flushed: () => Promise.resolve(),
    onMessage(listener) {
      port.addEventListener('message', (event) => {
        const { data } = event as Event & { data: unknown }
        if (isRefusal(data)) console.error(`Tandem: ${data.error.message}`)
        else if (open) listener(data)
      })
      port.start()
    },
    onClose(listener) {
      onClose = listener
    },
    close: end,
  }
}

function isRefusal(message: unknown): message is ConnectionRefusal {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'refused'
}
