import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Another server of this machine, on a port of its own: serves a blank page, and keeps what browsers send it. */
export interface HostileServer {
  readonly origin: string
  readonly requests: IncomingMessage[]
  close(): Promise<void>
}

export async function startHostileServer(): Promise<HostileServer> {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>hostile</title>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
