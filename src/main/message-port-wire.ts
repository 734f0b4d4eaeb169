import type { MessagePortMain } from 'electron'
import type { ToPage, Wire } from '../shared/contract/wire.js'

/** A page over a MessagePort: the host's end of what `src/renderer/host/message-port-wire.ts` opens. */
export function messagePortWire(port: MessagePortMain): Wire<ToPage> {
  let open = true
  let onClose = (): void => {}
  const end = (): void => {
    if (!open) return
    open = false
    onClose()
  }
  // Also when the page was reloaded or has crashed.
  port.on('close', end)
  return {
    send(message) {
      if (open) port.postMessage(message)
    },
    // A port takes everything at once, and cannot tell when it was read.
    flushed: () => Promise.resolve(),
    onMessage(listener) {
      port.on('message', ({ data }) => {
        if (open) listener(data)
      })
      port.start()
    },
    onClose(listener) {
      onClose = listener
    },
    close() {
      port.close()
      end()
    },
  }
}
