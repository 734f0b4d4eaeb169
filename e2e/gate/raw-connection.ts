import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A connection that says what no HTTP client would, and hears all that comes back. */
export interface RawConnection {
  readonly socket: Socket
  /** Everything received so far. */
  text(): string
  /** Resolves when the other end has closed, or reset it. */
  closed(): Promise<void>
}

export async function openRaw(port: number): Promise<RawConnection> {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
  })
  // A reset is an end as good as any.
  socket.on('error', () => {})
  const end = new Promise<void>((resolve) => socket.on('close', () => resolve()))
  await once(socket, 'connect').catch(() => {})
  return {
    socket,
    text: () => text,
    closed: () => end,
  }
}

/** Sends these lines as the head of a request. Returns all that came back until the other end closed. */
export async function exchange(port: number, lines: readonly string[], body = ''): Promise<string> {
  const connection = await openRaw(port)
  connection.socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`)
  await connection.closed()
  return connection.text()
}

/** Of the first answer; null where there was none. */
export function statusOf(answer: string): number | null {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]
  return status === undefined ? null : Number(status)
}

/** The head of a WebSocket's opening, as a browser sends it, with these lines in addition. */
export function upgradeLines(port: number, headers: Record<string, string>, path = '/wire'): string[] {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
}

/** A client's frame, masked with zeros. `claimedBytes` is what its head says of its length. */
export function frame(opcode: number, payload: Buffer, claimedBytes = payload.length): Buffer {
  const mask = Buffer.alloc(4)
  if (claimedBytes < 126)
    return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | claimedBytes]), mask, payload])
  const head = Buffer.alloc(10)
  head[0] = 0x80 | opcode
  head[1] = 0x80 | 127
  head.writeBigUInt64BE(BigInt(claimedBytes), 2)
  return Buffer.concat([head, mask, payload])
}
