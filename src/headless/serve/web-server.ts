import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import type { PageSource } from '../../core/page/page-answer.js'
import { letInFragment } from '../../shared/contract/let-in.js'
import { largestMessageBytes, type ToPage, type Wire } from '../../shared/contract/wire.js'
import { TandemError } from '../../shared/errors.js'
import { Access, type Admission } from './access.js'
import { admit } from './admission.js'
import { type ConnectionLimits, Connections } from './connections.js'
import { decide, type GateDecision, type GateRules, type RefusalStatus } from './gate.js'
import { hostHeaders, reachableName } from './host-names.js'
import { refusalHeaders, refusalPage } from './refusal-page.js'
import { webSocketWire } from './web-socket-wire.js'

export interface WebServerOptions {
  /** The address to listen on: `127.0.0.1`. */
  host: string
  /** 0 for any that is free. */
  port: number
  /** Names by which someone's own proxy is called. */
  allowedHosts?: readonly string[]
  page: PageSource
  connectionLimits?: ConnectionLimits
  onPage(wire: Wire<ToPage>): void
  /** The login address was used, and there is a new one. */
  onLogin?(): void
}

export interface WebServer {
  readonly port: number
  /** Lets one browser in, once. */
  readonly loginPath: string
  /** `loginPath` where this host itself is reached. */
  loginUrl(): string
  /** Ends every connection, whatever it waits for. */
  close(): Promise<void>
}

/** Of one host, at once: a class that watches a run together. */
export const mostPages = 64

/** Until a request is whole, and between two bytes of an answer that somebody reads slowly. */
const requestDeadlineMs = 10_000
const idleMs = 30_000
/** How long a refused connection may take to close by itself, which lets its answer arrive. */
const lingerMs = 1_000

const everyAnswer = {
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/**
 * Serves the page and its WebSocket (`/wire`) to browsers that were let in. Resolves when it listens. Throws
 * `port-taken` and `address-unavailable`.
 */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const server = createServer({
    headersTimeout: requestDeadlineMs,
    requestTimeout: requestDeadlineMs,
    connectionsCheckingInterval: 1_000,
    maxHeaderSize: 16 * 1024,
  })
  server.setTimeout(idleMs)
  const connections = new Connections(options.connectionLimits)
  server.on('connection', (socket) => connections.add(socket))
  await listen(server, options)
  const { port } = server.address() as AddressInfo
  const access = new Access(port, () => options.onLogin?.())
  const rules: GateRules = { access, hosts: hostHeaders(options.host, port, options.allowedHosts) }
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: largestMessageBytes,
    // Browsers never ping, so that nobody need be answered who does.
    autoPong: false,
  })
  let pages = 0

  server.on('request', (request, response) => {
    const decision = decide(request, rules, false)
    if ('let' in decision) connections.recognise(request.socket)
    void answer(request, response, decision, options.page, port)
  })
  server.on('upgrade', (request, socket: Socket, head) => {
    socket.on('error', () => socket.destroy())
    const decision = decide(request, rules, true)
    if ('refuse' in decision) return refuseUpgrade(socket, decision.refuse)
    if (new URL(request.url ?? '/', 'http://localhost').pathname !== '/wire')
      return refuseUpgrade(socket, 404)
    sockets.handleUpgrade(request, socket, head, (webSocket) =>
      admit(webSocket, request, { access, pages: () => pages, mostPages }, () => {
        connections.welcome(socket)
        pages++
        webSocket.on('close', () => pages--)
        options.onPage(webSocketWire(webSocket))
      }),
    )
  })

  return {
    port,
    get loginPath() {
      return access.loginPath
    },
    loginUrl: () => `http://${reachableName(options.host)}:${port}${access.loginPath}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      connections.destroyAll()
      await closed
    },
  }
}

function refuseUpgrade(socket: Socket, status: RefusalStatus | 404): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
  // Node leaves a socket to whoever handles its upgrade, and takes no more care of it.
  const timer = setTimeout(() => socket.destroy(), lingerMs)
  socket.once('close', () => clearTimeout(timer))
}

function listen(server: Server, { host, port }: WebServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(error, host, port)))
    server.listen(port, host, resolve)
  })
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): TandemError {
  if (error.code === 'EADDRINUSE') {
    return new TandemError({
      code: 'port-taken',
      message: `--port ${port}: another program listens there already`,
      hint: 'Name another port, or leave --port out for any that is free.',
    })
  }
  return new TandemError({
    code: 'address-unavailable',
    message: `--host ${host}, port ${port}: ${error.message}`,
    hint: 'Name an address of this machine, and a port above 1023.',
  })
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  decision: GateDecision,
  source: PageSource,
  port: number,
): Promise<void> {
  if ('refuse' in decision) {
    const headers = { ...everyAnswer, ...refusalHeaders, connection: 'close' }
    response.writeHead(decision.refuse, headers).end(refusalPage(decision.refuse, port))
    return
  }
  if (decision.let === 'log-in') {
    response.writeHead(303, { ...everyAnswer, ...headersOfLogin(decision.admission) }).end()
    return
  }
  const page = await source(request.url ?? '/')
  if (page.status !== 200) {
    response.writeHead(page.status, everyAnswer).end()
    return
  }
  response.writeHead(200, { ...everyAnswer, ...page.file.headers }).end(page.file.content)
}

/** What stands behind the # stays in the browser: the page takes it from there, and no server ever sees it again. */
function headersOfLogin(admission: Admission | null): Record<string, string> {
  if (admission === null) return { location: '/' }
  return { location: `/${letInFragment}${admission.pageSecret}`, 'set-cookie': admission.cookie }
}
