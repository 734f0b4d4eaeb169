/** An attack with one request: what is sent, and the status that refuses it; null for a connection that just ends. */
export interface RequestAttack {
  who: string
  what: string
  lines(port: number, cookie: string): string[]
  body?: string
  refusedWith: number | null
}

const get = (port: number, ...headers: string[]): string[] => [
  'GET / HTTP/1.1',
  `Host: 127.0.0.1:${port}`,
  ...headers,
]

const upgrade = (port: number, ...headers: string[]): string[] => [
  ...get(port, 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'),
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ...headers,
]

const atWire = (lines: string[]): string[] => ['GET /wire HTTP/1.1', ...lines.slice(1)]

const network = 'anyone who can reach the port'
const rebinding = 'a page whose name points here (DNS rebinding)'
const otherPort = 'a page from another port of this machine'
const otherSite = 'a page of another site'

/** One request each. Whatever carries the cookie carries the right one: the rest of the request is what is wrong. */
export const requestAttacks: readonly RequestAttack[] = [
  { who: network, what: 'asks for the page', lines: (port) => get(port), refusedWith: 401 },
  {
    who: network,
    what: 'guesses the token',
    lines: (port) => ['GET /login?token=guess HTTP/1.1', `Host: 127.0.0.1:${port}`],
    refusedWith: 401,
  },
  {
    who: network,
    what: 'guesses the cookie',
    lines: (port) => get(port, `Cookie: tandem_${port}=guess`),
    refusedWith: 401,
  },
  {
    who: network,
    what: 'opens a WebSocket without a cookie',
    lines: (port) => atWire(upgrade(port, `Origin: http://127.0.0.1:${port}`)),
    refusedWith: 401,
  },
  {
    who: network,
    what: 'upgrades to HTTP/2',
    lines: (port, cookie) => get(port, 'Connection: Upgrade', 'Upgrade: h2c', `Cookie: ${cookie}`),
    refusedWith: 403,
  },
  {
    who: network,
    what: 'uses it as a proxy',
    lines: (port, cookie) => [
      'GET http://example.org/ HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      `Cookie: ${cookie}`,
    ],
    refusedWith: 400,
  },
  {
    who: network,
    what: 'uses it as a tunnel',
    lines: (port) => ['CONNECT example.org:443 HTTP/1.1', `Host: 127.0.0.1:${port}`],
    refusedWith: null,
  },
  { who: network, what: 'speaks no HTTP', lines: () => ['SSH-2.0-OpenSSH_9.2'], refusedWith: 400 },
  {
    who: network,
    what: 'sends request headers of a megabyte',
    lines: (port) => get(port, `X: ${'x'.repeat(2 ** 20)}`),
    refusedWith: 431,
  },
  {
    who: network,
    what: 'sends thousands of header lines',
    lines: (port) => get(port, ...Array.from({ length: 5_000 }, (_, index) => `X${index}: x`)),
    refusedWith: 431,
  },
  {
    who: network,
    what: 'sends two lengths (request smuggling)',
    lines: (port) => [
      'POST / HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      'Content-Length: 4',
      'Transfer-Encoding: chunked',
    ],
    body: '0\r\n\r\n',
    refusedWith: 400,
  },
  {
    who: network,
    what: 'asks for a malformed path',
    lines: (port, cookie) => ['GET // HTTP/1.1', `Host: 127.0.0.1:${port}`, `Cookie: ${cookie}`],
    refusedWith: 400,
  },
  {
    who: network,
    what: 'leaves the folder of the page',
    lines: (port, cookie) => [
      'GET /..%2f..%2f..%2fpackage.json HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      `Cookie: ${cookie}`,
      'Connection: close',
    ],
    refusedWith: 403,
  },
  {
    who: network,
    what: 'leaves the folder of the page with backslashes',
    lines: (port, cookie) => [
      'GET /..%5c..%5cpackage.json HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      `Cookie: ${cookie}`,
      'Connection: close',
    ],
    refusedWith: 404,
  },
  {
    who: network,
    what: 'hides a NUL in a path',
    lines: (port, cookie) => [
      'GET /index.html%00.js HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      `Cookie: ${cookie}`,
      'Connection: close',
    ],
    refusedWith: 400,
  },
  ...['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'].map(
    (method): RequestAttack => ({
      who: otherSite,
      what: `sends ${method}`,
      lines: (port, cookie) => [
        `${method} / HTTP/1.1`,
        `Host: 127.0.0.1:${port}`,
        `Cookie: ${cookie}`,
        'Content-Length: 0',
      ],
      refusedWith: 405,
    }),
  ),
  ...[
    ['its own name', (port: number) => `evil.example:${port}`],
    ['its own name without a port', () => 'evil.example'],
    ['a name that only begins right', (port: number) => `127.0.0.1.evil.example:${port}`],
    ['a trailing dot', (port: number) => `localhost.:${port}`],
    ['another port', () => '127.0.0.1:1'],
    ['no port', () => '127.0.0.1'],
    ['an address in another notation', (port: number) => `127.1:${port}`],
    ['an address as one number', (port: number) => `2130706433:${port}`],
    ['every address', (port: number) => `0.0.0.0:${port}`],
    ['credentials before the name', (port: number) => `x@127.0.0.1:${port}`],
    ['a blank after the name', (port: number) => `127.0.0.1:${port} x`],
  ].map(
    ([what, host]): RequestAttack => ({
      who: rebinding,
      what: `sends ${what} as Host`,
      lines: (port, cookie) => [
        'GET / HTTP/1.1',
        `Host: ${(host as (port: number) => string)(port)}`,
        `Cookie: ${cookie}`,
      ],
      refusedWith: 421,
    }),
  ),
  {
    who: rebinding,
    what: 'sends two Hosts, one of them right',
    lines: (port, cookie) => [...get(port, `Cookie: ${cookie}`), `Host: evil.example:${port}`],
    refusedWith: 421,
  },
  {
    who: rebinding,
    what: 'sends no Host',
    lines: (_port, cookie) => ['GET / HTTP/1.0', `Cookie: ${cookie}`],
    refusedWith: 421,
  },
  {
    who: rebinding,
    what: 'opens a WebSocket by its own name',
    lines: (port, cookie) =>
      atWire([
        ...upgrade(port, `Cookie: ${cookie}`, `Origin: http://evil.example:${port}`).filter(
          (line) => !line.startsWith('Host'),
        ),
        `Host: evil.example:${port}`,
      ]),
    refusedWith: 421,
  },
  ...['http://127.0.0.1:1', 'http://evil.example', 'null', '', 'https://127.0.0.1'].map(
    (origin): RequestAttack => ({
      who: otherPort,
      what: `opens a WebSocket from the origin ${JSON.stringify(origin)}`,
      lines: (port, cookie) => atWire(upgrade(port, `Cookie: ${cookie}`, `Origin: ${origin}`)),
      refusedWith: 403,
    }),
  ),
  {
    who: otherPort,
    what: 'opens a WebSocket from localhost, to 127.0.0.1',
    lines: (port, cookie) => atWire(upgrade(port, `Cookie: ${cookie}`, `Origin: http://localhost:${port}`)),
    refusedWith: 403,
  },
  {
    who: otherPort,
    what: 'opens a WebSocket without an origin, as a program with the cookie can',
    lines: (port, cookie) => atWire(upgrade(port, `Cookie: ${cookie}`)),
    refusedWith: 403,
  },
  {
    who: otherPort,
    what: 'opens a WebSocket at another path',
    lines: (port, cookie) => upgrade(port, `Cookie: ${cookie}`, `Origin: http://127.0.0.1:${port}`),
    refusedWith: 404,
  },
  {
    who: otherPort,
    what: 'sends a request with its own origin',
    lines: (port, cookie) => get(port, `Cookie: ${cookie}`, 'Origin: http://127.0.0.1:1'),
    refusedWith: 403,
  },
  ...(['image', 'script', 'style', 'iframe', 'empty', 'embed'] as const).map(
    (destination): RequestAttack => ({
      who: otherPort,
      what: `loads the page as ${destination}`,
      lines: (port, cookie) =>
        get(
          port,
          `Cookie: ${cookie}`,
          'Sec-Fetch-Site: same-site',
          `Sec-Fetch-Mode: ${destination === 'iframe' ? 'navigate' : 'no-cors'}`,
          `Sec-Fetch-Dest: ${destination}`,
        ),
      refusedWith: 403,
    }),
  ),
  {
    who: otherSite,
    what: 'links here, in a browser that has not been let in',
    lines: (port) =>
      get(port, 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'),
    refusedWith: 401,
  },
]
