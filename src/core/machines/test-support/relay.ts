import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Stands between an agent and its host, and can do what networks do. */
export interface Relay {
  readonly port: number
  /** Ends what passes through it now; who comes after gets through. */
  drop(): void
  /** Loses all that is said from now on over what passes through it now, as when one end has lost its power. */
  silence(): void
  /** All that agents have sent so far. */
  fromAgents(): Buffer
  close(): void
}

export async function openRelay(hostPort: number): Promise<Relay> {
  const sockets = new Set<Socket>()
  const heard: Buffer[] = []
  const server = createServer((agent) => {
    const host = connect(hostPort, '127.0.0.1')
    for (const socket of [agent, host]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.once('close', () => sockets.delete(socket))
    }
    agent.on('data', (chunk) => heard.push(chunk))
    agent.pipe(host).pipe(agent)
    agent.once('close', () => host.destroy())
    host.once('close', () => agent.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const drop = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    drop,
    silence() {
      for (const socket of sockets) socket.unpipe().resume()
    },
    fromAgents: () => Buffer.concat(heard),
    close() {
      server.close()
      drop()
    },
  }
}
