import { once } from 'node:events'
import { WebSocket } from 'ws'
import { letInFragment } from '../../src/shared/contract/let-in.js'
import { protocolVersion, type ToPage } from '../../src/shared/contract/wire.js'

/** What a browser holds that has been let in. */
export interface BrowserSession {
  cookie: string
  secret: string
}

/** Follows a login address as a browser does. */
export async function logIn(loginUrl: string): Promise<BrowserSession> {
  const answer = await fetch(loginUrl, { redirect: 'manual' })
  const [, secret] = (answer.headers.get('location') ?? '').split(letInFragment)
  const cookie = answer.headers.get('set-cookie')?.split(';')[0]
  if (secret === undefined || cookie === undefined) throw new Error(`not let in: ${answer.status}`)
  return { cookie, secret }
}

/** A page's end of a wire, without the page. */
export interface PageWire {
  readonly socket: WebSocket
  readonly received: ToPage[]
  say(message: unknown): void
  closed(): Promise<number>
}

/** Opens a wire with this cookie and this first message; whether it is let in shows in what it receives. */
export async function openWire(
  port: number,
  cookie: string,
  first: unknown,
  origin = `http://127.0.0.1:${port}`,
): Promise<PageWire> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/wire`, { headers: { cookie, origin } })
  const received: ToPage[] = []
  socket.on('message', (data) => received.push(JSON.parse(String(data))))
  socket.on('error', () => {})
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  // One that does not open closes, whatever went wrong.
  await Promise.race([once(socket, 'open').catch(() => {}), closed])
  const say = (message: unknown): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
  }
  if (first !== undefined) say(first)
  return { socket, received, say, closed: () => closed }
}

/** A wire that is let in and has its snapshot. */
export async function openPage(port: number, { cookie, secret }: BrowserSession): Promise<PageWire> {
  const wire = await openWire(port, cookie, { type: 'let-in', secret })
  wire.say({ type: 'hello', protocol: protocolVersion })
  while (wire.received.length === 0) {
    if (wire.socket.readyState !== WebSocket.OPEN) throw new Error('the wire closed')
    await Promise.race([once(wire.socket, 'message'), once(wire.socket, 'close')])
  }
  return wire
}

/** What the host answers to a call. */
export async function ask(wire: PageWire, id: number, command: string, request: unknown): Promise<ToPage> {
  wire.say({ type: 'call', id, command, request })
  for (;;) {
    const answer = wire.received.find((message) => 'id' in message && message.id === id)
    if (answer !== undefined) return answer
    await once(wire.socket, 'message')
  }
}
