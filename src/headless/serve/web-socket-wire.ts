import type { WebSocket } from 'ws'
import type { ToPage, Wire } from '../../shared/contract/wire.js'

/** Of what was sent to a page and not read by it; one message may be longer. */
const mostUnreadBytes = 64 * 2 ** 20

const answerToCloseMs = 1_000

/**
 * A page over a WebSocket, a JSON text a message. A page that is silent for two pings is gone, as is one that lets too
 * much wait for it.
 */
export function webSocketWire(socket: WebSocket, pingEveryMs = 15_000): Wire<ToPage> {
  let answered = true
  let sent: Promise<void> = Promise.resolve()
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
      if (socket.readyState !== socket.OPEN) return
      if (socket.bufferedAmount > mostUnreadBytes) socket.terminate()
      // Called with an error too, where the socket closes first; messages leave in order.
      else sent = new Promise((resolve) => socket.send(JSON.stringify(message), () => resolve()))
    },
    flushed: () => sent,
    onMessage(listener) {
      socket.on('message', (data, isBinary) => listener(isBinary ? undefined : parse(String(data))))
    },
    onClose(listener) {
      socket.on('close', () => {
        clearInterval(pings)
        listener()
      })
    },
    close: () => closeSoon(socket),
  }
}

/** Closes as the protocol wants it; whoever does not answer that is disconnected all the same. */
export function closeSoon(socket: WebSocket): void {
  socket.close()
  const timer = setTimeout(() => socket.terminate(), answerToCloseMs)
  socket.once('close', () => clearTimeout(timer))
}

/** What is not JSON is no message, and the session refuses it as such. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
