import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { networkInterfaces } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { platform } from './index.js'

/** An address under which the network knows this machine. Packets to it come from it, too, also from here. */
const outside = Object.values(networkInterfaces())
  .flatMap((list) => list ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address

let server: Server
let port: number

beforeEach(async () => {
  server = createServer((socket) => socket.end('hello')).listen(0)
  await once(server, 'listening')
  ;({ port } = server.address() as AddressInfo)
})
afterEach(() => void server.close())

/** What the server says under an address; null where it has said nothing for half a second. */
async function answer(address: string): Promise<string | null> {
  const socket = connect(port, address)
  try {
    const said = once(socket, 'data').then(([data]) => String(data))
    return await Promise.race([said, delay(500, null)])
  } finally {
    socket.destroy()
  }
}

describe.runIf(process.platform === 'linux')('a port that is kept to this machine', () => {
  it.skipIf(outside === undefined)('answers no network', async () => {
    expect(await answer(outside as string)).toBe('hello')
    expect(platform.keepToThisMachine(port)).toBeNull()
    expect(await answer(outside as string)).toBeNull()
  })

  it('answers this machine, by 127.0.0.1', async () => {
    expect(platform.keepToThisMachine(port)).toBeNull()
    expect(await answer('127.0.0.1')).toBe('hello')
  })

  it('is one that this process listens on', async () => {
    server.close()
    await once(server, 'close')
    expect(platform.keepToThisMachine(port)).toBe(`nothing of this process listens on port ${port}`)
  })
})
