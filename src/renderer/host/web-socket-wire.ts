import type { PageWire } from './page-wire.js'

/** The wire of the web host: a WebSocket to where the page came from, a JSON text a message. */
export function openWebSocketWire(): PageWire {
  const socket = new WebSocket(new URL('wire', location.href.replace(/^http/, 'ws')))
  const waiting: string[] = []
  socket.addEventListener('open', () => {
    for (const text of waiting.splice(0)) socket.send(text)
  })
  return {
    send(message) {
      const text = JSON.stringify(message)
      if (socket.readyState === WebSocket.CONNECTING) waiting.push(text)
      else if (socket.readyState === WebSocket.OPEN) socket.send(text)
    },
    onMessage: (listener) => socket.addEventListener('message', ({ data }) => listener(JSON.parse(data))),
    onClose: (listener) => socket.addEventListener('close', listener, { once: true }),
    close: () => socket.close(),
  }
}
