import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { builtPage } from '../../core/page/page-files.js'
import { letInFragment, notLetIn } from '../../shared/contract/let-in.js'
import { largestMessageBytes } from '../../shared/contract/wire.js'
import { startWebServer, type WebServer } from './web-server.js'

let folder: string
let server: WebServer
let pages: number

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-web-'))
  await writeFile(join(folder, 'index.html'), '<meta content="STYLE-NONCE">')
})
afterAll(() => rm(folder, { recursive: true }))
beforeEach(async () => {
  pages = 0
  server = await startWebServer({
    host: '127.0.0.1',
    port: 0,
    page: builtPage(folder),
    onPage: (wire) => {
      pages++
      wire.onMessage((message) => wire.send({ type: 'answer', id: 0, response: message ?? null }))
    },
  })
})
afterEach(() => server.close())

const origin = () => `http://127.0.0.1:${server.port}`

/** Follows the login address as a browser does, and returns what it has from then on. */
async function logInAsPage(cookie = ''): Promise<{ cookie: string; secret: string }> {
  const response = await fetch(server.loginUrl(), { redirect: 'manual', headers: { cookie } })
  expect(response.status).toBe(303)
  const [path, secret = ''] = (response.headers.get('location') ?? '').split(letInFragment)
  expect(path).toBe('/')
  return { cookie: (response.headers.get('set-cookie') ?? '').split(';')[0] as string, secret }
}

async function logIn(): Promise<string> {
  return (await logInAsPage()).cookie
}

/** A WebSocket of a browser with this cookie, which has said this first. */
async function openPage(cookie: string, first: unknown) {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/wire`, {
    headers: { cookie, origin: origin() },
  })
  await once(socket, 'open')
  const received: unknown[] = []
  socket.on('message', (data) => received.push(JSON.parse(String(data))))
  socket.send(typeof first === 'string' ? first : JSON.stringify(first))
  return { socket, received }
}

/** Sends bytes that no HTTP client would send, and returns the status that comes back. */
async function raw(...lines: string[]): Promise<number> {
  const socket = connect(server.port, '127.0.0.1')
  socket.end(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`)
  let text = ''
  socket.on('data', (chunk) => {
    text += String(chunk)
  })
  await once(socket, 'close')
  return Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1])
}

/** The status that refuses a WebSocket, or `open`. */
async function openWire(headers: Record<string, string>, path = '/wire'): Promise<number | 'open'> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers })
  try {
    return await new Promise((resolve, reject) => {
      socket.on('open', () => resolve('open'))
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
      socket.on('error', reject)
    })
  } finally {
    socket.on('error', () => {})
    socket.terminate()
  }
}

describe('the web host', () => {
  it('lets a browser in once by each address, and keeps it in by its cookie', async () => {
    const address = server.loginUrl()
    const cookie = await logIn()

    expect((await fetch(origin(), { headers: { cookie } })).status).toBe(200)
    expect((await fetch(address)).status).toBe(401)
    expect((await fetch(address, { headers: { cookie }, redirect: 'manual' })).status).toBe(303)
    expect(server.loginUrl()).not.toBe(address)
  })

  it('shows nothing to others, but tells them how to get in', async () => {
    for (const path of ['/', '/index.html', '/login', '/login?token=', '/login?token=x', '/wire']) {
      const response = await fetch(origin() + path)
      expect(response.status, path).toBe(401)
      expect(await response.text()).toContain('Open the address that Tandem printed')
    }
    expect((await fetch(origin(), { headers: { cookie: `tandem_${server.port}=guess` } })).status).toBe(401)
  })

  it('hides the session from scripts and other sites', async () => {
    const response = await fetch(server.loginUrl(), { redirect: 'manual' })

    expect(response.headers.get('set-cookie')).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/)
    expect(response.headers.get('set-cookie')).not.toContain(
      new URL(server.loginUrl()).searchParams.get('token'),
    )
  })

  it('sends every answer with headers that shut it in', async () => {
    const response = await fetch(origin(), { headers: { cookie: await logIn() } })
    const html = await response.text()
    const policy = response.headers.get('content-security-policy') ?? ''

    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'no-store',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
    const nonce = /content="([^"]+)"/.exec(html)?.[1]
    expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`)
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; /)
    const again = await fetch(origin(), { headers: { cookie: await logIn() } })
    expect(await again.text()).not.toBe(html)
  })

  it.each([
    [
      'a name that was made to point here',
      (host: string) => ['GET / HTTP/1.1', `Host: evil.example:${host}`],
      421,
    ],
    ['another port', () => ['GET / HTTP/1.1', 'Host: 127.0.0.1:1'], 421],
    ['a trailing dot', (port: string) => ['GET / HTTP/1.1', `Host: localhost.:${port}`], 421],
    ['no host', () => ['GET / HTTP/1.0'], 421],
    [
      'two hosts',
      (port: string) => ['GET / HTTP/1.1', `Host: 127.0.0.1:${port}`, `Host: 127.0.0.1:${port}`],
      421,
    ],
    [
      'an absolute address',
      (port: string) => [`GET http://127.0.0.1:${port}/ HTTP/1.1`, `Host: 127.0.0.1:${port}`],
      400,
    ],
    ['a path that is none', (port: string) => ['GET // HTTP/1.1', `Host: 127.0.0.1:${port}`], 400],
    [
      'a wire to a path that is none',
      (port: string) => [
        'GET // HTTP/1.1',
        `Host: 127.0.0.1:${port}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
      ],
      400,
    ],
    ['a post', (port: string) => ['POST / HTTP/1.1', `Host: 127.0.0.1:${port}`, 'Content-Length: 0'], 405],
    [
      'another origin',
      (port: string) => ['GET / HTTP/1.1', `Host: 127.0.0.1:${port}`, 'Origin: http://127.0.0.1:1'],
      403,
    ],
    [
      'an image on another page',
      (port: string) => [
        'GET / HTTP/1.1',
        `Host: 127.0.0.1:${port}`,
        'Sec-Fetch-Site: same-site',
        'Sec-Fetch-Mode: no-cors',
        'Sec-Fetch-Dest: image',
      ],
      403,
    ],
    [
      'a link that was followed, without a cookie',
      (port: string) => [
        'GET / HTTP/1.1',
        `Host: 127.0.0.1:${port}`,
        'Sec-Fetch-Site: cross-site',
        'Sec-Fetch-Mode: navigate',
        'Sec-Fetch-Dest: document',
      ],
      401,
    ],
    ['no HTTP', () => ['hello'], 400],
  ])('refuses %s', async (_what, lines, status) => {
    expect(await raw(...lines(String(server.port)))).toBe(status)
  })

  it('opens a wire to a page of its own, which says the secret that it was given', async () => {
    const { cookie, secret } = await logInAsPage()
    const { socket, received } = await openPage(cookie, { type: 'let-in', secret })
    socket.send('{"a":1}')

    await expect.poll(() => received).toEqual([{ type: 'answer', id: 0, response: { a: 1 } }])
    expect(pages).toBe(1)
    socket.terminate()
  })

  it('opens none to whoever has nothing but the cookie', async () => {
    const { cookie, secret } = await logInAsPage()
    const other = await logInAsPage()
    const guesses = [
      { type: 'let-in', secret: '' },
      { type: 'let-in', secret: `${secret}x` },
      { type: 'let-in', secret: other.secret },
      { type: 'hello', protocol: 4 },
      'no json',
    ]
    for (const guess of guesses) {
      const { socket, received } = await openPage(cookie, guess)
      await once(socket, 'close')
      expect(received).toEqual([{ type: 'turned-away', error: notLetIn }])
    }
    // The cookie brings nobody a secret, with whatever token.
    const again = await fetch(`${origin()}/login?token=x`, { headers: { cookie }, redirect: 'manual' })
    expect(again.headers.get('location')).toBe('/')
    expect(pages).toBe(0)
  })

  it('gives new secrets at each login, and forgets those that the browser had', async () => {
    const before = await logInAsPage()
    const after = await logInAsPage(before.cookie)

    expect(new Set([before.cookie, after.cookie, before.secret, after.secret]).size).toBe(4)
    expect((await fetch(origin(), { headers: { cookie: before.cookie } })).status).toBe(401)
    expect((await fetch(origin(), { headers: { cookie: after.cookie } })).status).toBe(200)
    // Another server on this machine may have set one of that name too.
    const both = `${before.cookie}; ${after.cookie}`
    expect((await fetch(origin(), { headers: { cookie: both } })).status).toBe(200)
  })

  it('disconnects a page that says too much before it is let in', async () => {
    const { cookie } = await logInAsPage()
    const { socket, received } = await openPage(cookie, 'x'.repeat(100_000))
    await once(socket, 'close')

    expect(received).toEqual([])
  })

  it('opens none to anyone else', async () => {
    const cookie = await logIn()

    expect(await openWire({ origin: origin() })).toBe(401)
    expect(await openWire({ cookie })).toBe(403)
    expect(await openWire({ cookie, origin: 'http://127.0.0.1:1' })).toBe(403)
    expect(await openWire({ cookie, origin: 'null' })).toBe(403)
    expect(await openWire({ cookie, origin: origin(), host: 'evil.example' })).toBe(421)
    expect(await openWire({ cookie, origin: origin() }, '/other')).toBe(404)
    expect(pages).toBe(0)
  })

  it('passes messages on as they are, and drops what is none', async () => {
    const { cookie, secret } = await logInAsPage()
    const { socket } = await openPage(cookie, { type: 'let-in', secret })
    const answers: unknown[] = []
    socket.on('message', (data) => answers.push(JSON.parse(String(data)).response))
    socket.send('{"a":1}')
    socket.send('no json')
    socket.send(Buffer.from([1, 2]))
    await expect.poll(() => answers).toEqual([{ a: 1 }, null, null])

    // Its head says how long it is, which is enough.
    socket.send('x'.repeat(largestMessageBytes + 1))
    const [code] = await once(socket, 'close')
    expect(code).toBe(1009)
  })

  it('says that its port is taken', async () => {
    const again = startWebServer({
      host: '127.0.0.1',
      port: server.port,
      page: builtPage(folder),
      onPage: () => {},
    })

    await expect(again).rejects.toMatchObject({ code: 'port-taken' })
  })
})
