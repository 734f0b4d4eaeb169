import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { sha256, type Wheel } from './wheel.fixture.js'

export type IndexBehaviour =
  | 'serve'
  /** Accepts connections and never says a word. */
  | 'silent'
  /** Sends the first half of a wheel, then nothing more. */
  | 'stall'
  /** Sends the first half of a wheel and closes the connection. */
  | 'truncate'
  /** Flips a byte of the wheel, under the hash of the true one. */
  | 'corrupt'

export interface PackageIndex {
  url: string
  /** Connections that clients hold open. */
  openConnections: () => number
  requests: string[]
  close: () => Promise<void>
}

/** A package index on 127.0.0.1 by the simple repository API (PEP 503). */
export async function servePackages(
  wheels: readonly Wheel[],
  behaviour: IndexBehaviour = 'serve',
): Promise<PackageIndex> {
  const requests: string[] = []
  const answer: RequestListener = (request, response) => {
    const path = request.url ?? ''
    requests.push(path)
    if (behaviour === 'silent') return
    const wheel = wheels.find(({ fileName }) => path === `/files/${fileName}`)
    if (wheel !== undefined) sendWheel(response, wheel.bytes, behaviour)
    else sendProjectPage(response, /^\/simple\/([^/]+)\/$/.exec(path)?.[1] ?? '', wheels)
  }
  const server = createServer(answer)
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple/`,
    openConnections: () => sockets.size,
    requests,
    close: () => close(server),
  }
}

function sendWheel(response: ServerResponse, bytes: Buffer, behaviour: IndexBehaviour): void {
  response.writeHead(200, { 'content-type': 'application/zip', 'content-length': bytes.length })
  const half = bytes.subarray(0, bytes.length / 2)
  if (behaviour === 'stall') response.write(half)
  else if (behaviour === 'truncate') response.write(half, () => response.destroy())
  else response.end(behaviour === 'corrupt' ? flipMiddleByte(bytes) : bytes)
}

function flipMiddleByte(bytes: Buffer): Buffer {
  const flipped = Buffer.from(bytes)
  const middle = Math.floor(flipped.length / 2)
  flipped.writeUInt8(flipped.readUInt8(middle) ^ 0xff, middle)
  return flipped
}

function sendProjectPage(response: ServerResponse, project: string, wheels: readonly Wheel[]): void {
  const links = wheels
    .filter(({ fileName }) => fileName.split('-')[0]?.replaceAll('_', '-') === project)
    .map(({ fileName, bytes }) => {
      return `<a href="/files/${fileName}#sha256=${sha256(bytes, 'hex')}">${fileName}</a>`
    })
  response.writeHead(links.length === 0 ? 404 : 200, { 'content-type': 'text/html' })
  response.end(`<!DOCTYPE html><html><body>${links.join('\n')}</body></html>`)
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
