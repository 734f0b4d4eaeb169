import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { PageSource } from '../../core/page/page-answer.js'
import { largestImportBytes } from '../../shared/contract/commands.js'
import type { ToPage, Wire } from '../../shared/contract/wire.js'
import { TandemError } from '../../shared/errors.js'
import { Access } from './access.js'
import { decide, type GateRules } from './gate.js'
import { hostHeaders, reachableName } from './host-names.js'
import { signInPage } from './sign-in-page.js'
import { webSocketWire } from './web-socket-wire.js'

export interface WebServerOptions {
  /** The address to listen on: `127.0.0.1`. */
  host: string
  /** 0 for any that is free. */
  port: number
  page: PageSource
  onPage(wire: Wire<ToPage>): void
  /** The login address was used, and there is a new one. */
  onLogin?(): void
}

export interface WebServer {
  readonly port: number
  /** Lets one browser in. */
  loginUrl(): string
  close(): Promise<void>
}

/** A page sends little, but for the file of an import. */
const largestMessageBytes = largestImportBytes
const mostPages = 32

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
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 10_000, maxHeaderSize: 16 * 1024 })
  await listen(server, options)
  const { port } = server.address() as AddressInfo
  const access = new Access(port, () => options.onLogin?.())
  const rules: GateRules = { access, hosts: new Set(hostHeaders(options.host, port)) }
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessageBytes })

  server.on('request', (request, response) => void answer(request, response, rules, options.page))
  server.on('upgrade', (request, socket: Duplex, head) => {
    socket.on('error', () => socket.destroy())
    const decision = decide(request, rules, true)
    const isWire = 'let' in decision && new URL(request.url ?? '/', 'http://localhost').pathname === '/wire'
    if (!isWire || sockets.clients.size >= mostPages) {
      socket.end(
        `HTTP/1.1 ${'refuse' in decision ? decision.refuse : 404} Refused\r\nConnection: close\r\n\r\n`,
      )
      return
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => options.onPage(webSocketWire(webSocket)))
  })

  return {
    port,
    loginUrl: () => `http://${reachableName(options.host)}:${port}${access.loginPath}`,
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
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
  rules: GateRules,
  source: PageSource,
): Promise<void> {
  const decision = decide(request, rules, false)
  if ('refuse' in decision) {
    const body = decision.refuse === 401 ? signInPage() : ''
    response.writeHead(decision.refuse, { ...everyAnswer, ...(body !== '' && signInPage.headers) }).end(body)
    return
  }
  if (decision.let === 'log-in') {
    response.writeHead(303, { ...everyAnswer, location: '/', 'set-cookie': rules.access.cookie }).end()
    return
  }
  const page = await source(request.url ?? '/')
  if (page.status !== 200) {
    response.writeHead(page.status, everyAnswer).end()
    return
  }
  response.writeHead(200, { ...everyAnswer, ...page.file.headers }).end(page.file.content)
}
