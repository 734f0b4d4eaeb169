import { type LetIn, notLetIn } from '../../shared/contract/let-in.js'
import type { ToHost } from '../../shared/contract/wire.js'
import type { PageSecret } from './page-secret.js'
import { asHostMessage, type PageWire } from './page-wire.js'

/**
 * The wire of the web host: a WebSocket to where the page came from, a JSON text a message. The first one lets this page
 * in; a page that is not let in hears why, whichever way the host refused it.
 */
export function openWebSocketWire(secret: PageSecret): PageWire {
  const socket = new WebSocket(new URL('wire', location.href.replace(/^http/, 'ws')))
  const waiting: string[] = []
  let onMessage = (_message: unknown): void => {}
  let hasOpened = false
  socket.addEventListener('open', () => {
    hasOpened = true
    const first: LetIn = { type: 'let-in', secret: secret.current }
    socket.send(JSON.stringify(first))
    for (const text of waiting.splice(0)) socket.send(text)
  })
  socket.addEventListener('message', ({ data }) => {
    const message = asHostMessage(JSON.parse(data))
    if (message.type === 'snapshot') secret.accepted()
    if (message.type === 'turned-away' && message.error.code === notLetIn.code) secret.refused()
    onMessage(message)
  })
  return {
    send(message: ToHost) {
      const text = JSON.stringify(message)
      if (socket.readyState === WebSocket.CONNECTING) waiting.push(text)
      else if (socket.readyState === WebSocket.OPEN) socket.send(text)
    },
    flushed: () => Promise.resolve(),
    onMessage(listener) {
      onMessage = listener
    },
    onClose(listener) {
      const closed = async (): Promise<void> => {
        if (!hasOpened && (await isShutOut())) onMessage({ type: 'turned-away', error: notLetIn })
        listener()
      }
      socket.addEventListener('close', () => void closed(), { once: true })
    },
    close: () => socket.close(),
  }
}

/** Browsers do not say why a WebSocket did not open. Whether the host answers, and knows this browser no more, a plain request tells. */
async function isShutOut(): Promise<boolean> {
  const answer = await fetch('.').catch(() => null)
  return answer?.status === 401
}
