import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import { letInSchema, notLetIn, type TurnedAway } from '../../shared/contract/let-in.js'
import type { Access } from './access.js'
import { closeSoon } from './web-socket-wire.js'

/** What a page has to be let in with, from its first byte on: the first message is short, and comes at once. */
const deadlineMs = 5_000
const mostBytes = 4_096

export interface Door {
  access: Access
  /** Pages that are connected now, and how many may be. */
  pages(): number
  mostPages: number
}

/**
 * Waits for the first message of a WebSocket, which must hold the secret of the page in the browser that opened it.
 * Calls `onPage` within that message's event, so that the next one finds its listener. Whoever says anything else is
 * told so and disconnected; who says nothing, or too much, is disconnected.
 */
export function admit(webSocket: WebSocket, request: IncomingMessage, door: Door, onPage: () => void): void {
  const socket: Socket = request.socket
  const bytesBefore = socket.bytesRead
  const end = (): void => webSocket.terminate()
  const timer = setTimeout(end, deadlineMs)
  // A message may be long, where it is an import; counted here, a stranger's is cut short.
  const onData = (): void => {
    if (socket.bytesRead - bytesBefore > mostBytes) end()
  }
  const settle = (): void => {
    clearTimeout(timer)
    socket.off('data', onData)
  }
  socket.on('data', onData)
  webSocket.on('close', settle)
  webSocket.on('error', end)
  webSocket.once('message', (data, isBinary) => {
    settle()
    const secret = isBinary ? null : secretIn(String(data))
    if (secret === null || !door.access.isPage(request.headers.cookie, secret))
      turnAway(webSocket, { type: 'turned-away', error: notLetIn })
    else if (door.pages() >= door.mostPages) turnAway(webSocket, tooManyPages(door.mostPages))
    else onPage()
  })
}

function secretIn(text: string): string | null {
  try {
    return letInSchema.safeParse(JSON.parse(text)).data?.secret ?? null
  } catch {
    return null
  }
}

function turnAway(webSocket: WebSocket, message: TurnedAway): void {
  webSocket.send(JSON.stringify(message))
  closeSoon(webSocket)
}

function tooManyPages(mostPages: number): TurnedAway {
  return {
    type: 'turned-away',
    error: {
      code: 'too-many-pages',
      message: `${mostPages} pages of this dashboard are open already`,
      hint: 'Close one of them; this page connects by itself.',
    },
  }
}
