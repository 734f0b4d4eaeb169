import type { WebSocket } from 'ws'
import type { ToPage, Wire } from '../../shared/contract/wire.js'

/** A page over a WebSocket, a JSON text a message. A page that is silent for two pings is gone. */
export function webSocketWire(socket: WebSocket, pingEveryMs = 15_000): Wire<ToPage> {
  let answered = true
  const pings = setInterval(() => {
    if (!answered) {
      socket.terminate()
      return
    }
    answered = false
    socket.ping()
  }, pingEveryMs)
  socket.on('pong', () => {
    answered = true
  })
  // Whatever went wrong with it, `close` follows.
  socket.on('error', () => {})
  return {
    send(message) {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
    },
    onMessage(listener) {
      socket.on('message', (data, isBinary) => listener(isBinary ? undefined : parse(String(data))))
    },
    onClose(listener) {
      socket.on('close', () => {
        clearInterval(pings)
        listener()
      })
    },
    close: () => socket.close(),
  }
}

/** What is not JSON is no message, and the session refuses it as such. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
