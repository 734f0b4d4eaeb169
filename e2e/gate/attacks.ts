import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { mostPages } from '../../src/headless/serve/web-server.js'
import { largestMessageBytes, protocolVersion } from '../../src/shared/contract/wire.js'
import { ask, type BrowserSession, logIn, openPage, openWire } from './browser-session.js'
import { exchange, frame, openRaw, type RawConnection, statusOf, upgradeLines } from './raw-connection.js'

/** A host to attack, and its owner, who is in. */
export interface Stage {
  port: number
  pid: number
  dataFolder: string
  owner: BrowserSession
  /** An address that lets one more browser in. */
  freshUrl(): Promise<string>
  output(): string
}

/** An attack that takes more than one request. It throws where it succeeds. */
export interface Attack {
  who: string
  what: string
  /** What holds. */
  holds: string
  run(stage: Stage): Promise<void>
}

const localUser = 'another user of this machine'
const network = 'anyone who can reach the port'
const otherPort = 'another server on this machine, to which the browser sent the cookie'
const page = 'a page that was let in and turned hostile'

/** More than the host has room for. */
const many = 300

export const attacks: readonly Attack[] = [
  {
    who: network,
    what: `opens ${many} WebSockets without a cookie and never closes them`,
    holds: 'each is refused and closed; meanwhile the owner can connect',
    run: async (stage) => {
      const held = await openMany(stage.port, upgradeLines(stage.port, {}))
      await ownerComesIn(stage)
      await Promise.all(held.map(({ closed }) => closed()))
      expect(held.some(({ text }) => text().startsWith('HTTP/1.1 101'))).toBe(false)
      await descriptorsAreFew(stage)
    },
  },
  {
    who: network,
    what: `opens ${many} connections and says nothing`,
    holds: 'the oldest are closed first; the owner can connect; the rest are closed later',
    run: async (stage) => {
      const held = await openMany(stage.port, [])
      await ownerComesIn(stage)
      await descriptorsAreFew(stage)
      await Promise.all(held.map(({ closed }) => closed()))
    },
  },
  {
    who: network,
    what: 'sends the headers of a request byte by byte, forever (slow loris)',
    holds: 'the connection is closed after a few seconds',
    run: async ({ port }) => {
      const slow = await openRaw(port)
      const timer = setInterval(() => slow.socket.write('X'), 200)
      slow.socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`)
      await slow.closed()
      clearInterval(timer)
      expect(statusOf(slow.text())).toBe(408)
    },
  },
  {
    who: network,
    what: 'promises a body and never sends it',
    holds: 'it is refused, and the connection is closed',
    run: async ({ port }) => {
      const head = ['POST / HTTP/1.1', `Host: 127.0.0.1:${port}`, 'Content-Length: 1000000000']
      expect(statusOf(await exchange(port, head))).toBe(405)
    },
  },
  {
    who: network,
    what: 'connects to the other addresses of this machine',
    holds: 'nothing listens there',
    run: async ({ port }) => {
      const addresses = Object.values(networkInterfaces())
        .flatMap((list) => list ?? [])
        .filter(({ internal, family }) => !internal && family === 'IPv4')
      for (const { address } of addresses) {
        const socket = connect(port, address)
        const [error] = await once(socket, 'error')
        expect((error as NodeJS.ErrnoException).code).toBe('ECONNREFUSED')
      }
    },
  },
  {
    who: localUser,
    what: 'uses a login address that the owner has used',
    holds: 'it works for one browser, once, and the answer says so',
    run: async ({ freshUrl }) => {
      const url = await freshUrl()
      await logIn(url)
      const again = await fetch(url, { redirect: 'manual' })
      expect(again.status).toBe(401)
      expect(await again.text()).toContain('someone else has used it before you')
    },
  },
  {
    who: 'a browser that prefetches',
    what: 'fetches a login address before anyone opens it',
    holds: 'it is refused, and the address still lets its browser in',
    run: async ({ freshUrl }) => {
      const url = await freshUrl()
      const ahead = await fetch(url, { headers: { 'sec-purpose': 'prefetch;prerender' }, redirect: 'manual' })
      expect(ahead.status).toBe(403)
      await logIn(url)
    },
  },
  {
    who: localUser,
    what: 'reads what the host prints and stores, after a login',
    holds: 'neither secret of the browser is there',
    run: async ({ freshUrl, output, dataFolder }) => {
      const { cookie, secret } = await logIn(await freshUrl())
      const kept = readdirSync(dataFolder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
      for (const text of [output(), ...kept]) {
        expect(text).not.toContain(secret)
        expect(text).not.toContain(cookie.split('=')[1])
      }
    },
  },
  {
    who: otherPort,
    what: 'opens a WebSocket with the cookie and a forged Origin, as a program can',
    holds: 'without the secret of the page nothing is sent over it, and it is closed',
    run: async ({ port, owner }) => {
      const { secret } = owner
      const guesses = ['', 'x', secret.slice(0, -1), `${secret}=`, secret.toLowerCase(), '\0'.repeat(43)]
      const messages: unknown[] = [
        ...guesses.map((guess) => ({ type: 'let-in', secret: guess })),
        { type: 'let-in', secret: [secret] },
        { type: 'let-in', secret, extra: true },
        { type: 'hello', protocol: protocolVersion },
        { type: 'call', id: 0, command: 'listRuns', request: { search: '', offset: 0, limit: 1 } },
        null,
      ]
      for (const message of messages) {
        const wire = await openWire(port, owner.cookie, message)
        await wire.closed()
        expect(wire.received.map(({ type }) => type)).toEqual(['turned-away'])
      }
    },
  },
  {
    who: otherPort,
    what: 'asks for the secret of the page with the cookie',
    holds: 'the host tells it only at a login, which needs a token; the page itself holds no secret',
    run: async ({ port, owner: { cookie, secret } }) => {
      for (const path of ['/', '/login', '/login?token=', '/login?token=x', '/index.html', '/wire']) {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
          headers: { cookie },
          redirect: 'manual',
        })
        expect(answer.headers.get('location') ?? '/').toBe('/')
        expect(answer.headers.get('set-cookie')).toBeNull()
        expect(await answer.text()).not.toContain(secret)
      }
    },
  },
  {
    who: otherPort,
    what: 'sets a cookie with the same name beside the right one',
    holds: 'the owner stays logged in',
    run: async ({ port, owner: { cookie, secret } }) => {
      const tossed = `tandem_${port}=tossed; ${cookie}; tandem_${port}=tossed`
      const wire = await openPage(port, { cookie: tossed, secret })
      wire.socket.terminate()
    },
  },
  {
    who: otherPort,
    what: 'keeps the old secrets of a browser that has logged in again',
    holds: 'they no longer work',
    run: async ({ port, freshUrl }) => {
      const old = await logIn(await freshUrl())
      const answer = await fetch(await freshUrl(), { redirect: 'manual', headers: { cookie: old.cookie } })
      expect(answer.status).toBe(303)
      const wire = await openWire(port, old.cookie, { type: 'let-in', secret: old.secret })
      await wire.closed()
      expect(wire.received).toEqual([])
    },
  },
  {
    who: otherPort,
    what: 'opens WebSockets with the cookie and says nothing, or pings',
    holds: 'each is closed after a few seconds',
    run: async ({ port, owner }) => {
      const silent = await openWire(port, owner.cookie, undefined)
      const pinging = await openWire(port, owner.cookie, undefined)
      const timer = setInterval(() => pinging.socket.ping(), 100)
      await Promise.all([silent.closed(), pinging.closed()])
      clearInterval(timer)
    },
  },
  {
    who: otherPort,
    what: 'sends a frame of megabytes with the cookie alone',
    holds: 'it is cut off after a few kilobytes',
    run: async ({ port, owner }) => {
      const wire = await openWire(port, owner.cookie, 'x'.repeat(2 ** 20))
      await wire.closed()
      expect(wire.received).toEqual([])
    },
  },
  ...hostileFrames().map(
    ([what, bytes]): Attack => ({
      who: page,
      what: `sends ${what}`,
      holds: 'it is disconnected',
      run: async ({ port, owner }) => {
        const raw = await openRaw(port)
        const headers = { Cookie: owner.cookie, Origin: `http://127.0.0.1:${port}` }
        raw.socket.write(`${upgradeLines(port, headers).join('\r\n')}\r\n\r\n`)
        raw.socket.write(frame(1, Buffer.from(JSON.stringify({ type: 'let-in', secret: owner.secret }))))
        raw.socket.write(bytes)
        await raw.closed()
      },
    }),
  ),
  {
    who: page,
    what: 'says hello again and again, each time for a whole snapshot',
    holds: 'it is disconnected at the second',
    run: async ({ port, owner }) => {
      const wire = await openPage(port, owner)
      wire.say({ type: 'hello', protocol: protocolVersion })
      await wire.closed()
      expect(wire.received.map(({ type }) => type)).toEqual(['snapshot'])
    },
  },
  {
    who: page,
    what: 'calls commands and names runs that do not exist',
    holds: 'each call is refused, and nothing is read or written outside the history',
    run: async ({ port, owner }) => {
      const wire = await openPage(port, owner)
      const runIds = [
        '../../../etc',
        '..',
        '.aside',
        '/etc/passwd',
        'a\0b',
        '20260131-142530-9f3a1c/..',
        '%2e%2e',
      ]
      const withRunId = [
        'openRun',
        'readResults',
        'analyseRun',
        'readReport',
        'describeRun',
        'deleteRun',
        'restoreRun',
      ]
      const calls: [string, unknown][] = [
        ...['__proto__', 'constructor', 'toString', ''].map((name): [string, unknown] => [name, {}]),
        ...withRunId.flatMap((name) => runIds.map((runId): [string, unknown] => [name, { runId }])),
        ['readRecording', { runId: runIds[0], from: 0 }],
        ['exportRun', { runId: runIds[0], format: 'html', paper: 'a4' }],
        ['labelRun', { runId: runIds[0], name: 'x' }],
        ['pinBaseline', { runId: runIds[0] }],
        ['compareRuns', { runIds: [runIds[0], runIds[1]] }],
        ['listRuns', { search: 'x'.repeat(10_000), offset: 0, limit: 1 }],
        ['listRuns', { search: '', offset: -1, limit: 1e9 }],
      ]
      for (const [index, [command, request]] of calls.entries()) {
        const answer = await ask(wire, index, command, request)
        expect(answer.type, `${command} ${JSON.stringify(request)}`).toBe('refusal')
        expect(JSON.stringify(answer)).not.toContain('internal')
      }
      wire.socket.terminate()
    },
  },
  {
    who: page,
    what: 'makes 3,000 calls that read a whole run, and reads none of the answers',
    holds: 'few are started, most are refused, memory stays bounded, and other pages are answered',
    run: async (stage) => {
      const wire = await openPage(stage.port, stage.owner)
      const example = await exampleRun(stage)
      const before = memoryBytes(stage.pid)
      wire.socket.pause()
      for (let id = 0; id < 3_000; id++)
        wire.say({ type: 'call', id, command: 'openRun', request: { runId: example } })
      await ownerComesIn(stage)
      expect(memoryBytes(stage.pid) - before).toBeLessThan(500 * 2 ** 20)
      wire.socket.resume()
      await expect.poll(() => wire.received.length, { timeout: 60_000 }).toBe(3_001)
      const refused = wire.received.filter(({ type }) => type === 'refusal')
      expect(refused.length).toBeGreaterThan(2_500)
      wire.socket.terminate()
    },
  },
  {
    who: page,
    what: 'makes calls that read a whole run, then leaves; twenty times',
    holds: 'its calls are dropped, and other pages are answered',
    run: async (stage) => {
      const example = await exampleRun(stage)
      for (let time = 0; time < 20; time++) {
        const wire = await openPage(stage.port, stage.owner)
        for (let id = 0; id < 50; id++)
          wire.say({ type: 'call', id, command: 'openRun', request: { runId: example } })
        wire.socket.terminate()
      }
      await ownerComesIn(stage)
    },
  },
  {
    who: page,
    what: `connects after ${mostPages} others`,
    holds: 'it is told why, and gets in once another has closed',
    run: async ({ port, owner }) => {
      const open = await Promise.all(Array.from({ length: mostPages }, () => openPage(port, owner)))
      const first = { type: 'let-in', secret: owner.secret }
      const late = await openWire(port, owner.cookie, first)
      await late.closed()
      expect(late.received).toMatchObject([{ type: 'turned-away', error: { code: 'too-many-pages' } }])

      open[0]?.socket.terminate()
      // The host sees it a moment later.
      await expect
        .poll(async () => {
          const wire = await openPage(port, owner).catch(() => null)
          wire?.socket.terminate()
          return wire !== null
        })
        .toBe(true)
      for (const { socket } of open) socket.terminate()
    },
  },
]

function hostileFrames(): [string, Buffer][] {
  const text = (payload: string): Buffer => frame(1, Buffer.from(payload))
  return [
    ['a frame that is larger than any message', frame(1, Buffer.alloc(16), largestMessageBytes + 1)],
    ['a frame of one exabyte', frame(1, Buffer.alloc(16), 2 ** 60)],
    ['a frame that is not masked', Buffer.from([0x81, 0x02, 0x7b, 0x7d])],
    ['a frame of an unknown kind', frame(3, Buffer.alloc(1))],
    ['text that is not UTF-8', frame(1, Buffer.from([0xff, 0xfe]))],
    ['text that is not JSON', text('{')],
    ['JSON that is not a message', text('{"type":"shout"}')],
    ['bytes', frame(2, Buffer.alloc(10))],
    ['deeply nested JSON', text('['.repeat(100_000) + ']'.repeat(100_000))],
    ['a message with a prototype', text('{"__proto__":{"type":"hello","protocol":4}}')],
  ]
}

async function openMany(port: number, lines: readonly string[]): Promise<RawConnection[]> {
  const held: RawConnection[] = []
  for (let index = 0; index < many; index++) {
    const connection = await openRaw(port)
    if (lines.length > 0) connection.socket.write(`${lines.join('\r\n')}\r\n\r\n`)
    held.push(connection)
  }
  return held
}

/** The page, its wire and an answer. */
async function ownerComesIn({ port, owner }: Stage): Promise<void> {
  const shown = await fetch(`http://127.0.0.1:${port}/`, { headers: { cookie: owner.cookie } })
  expect(shown.status).toBe(200)
  const wire = await openPage(port, owner)
  const answer = await ask(wire, 1, 'listRuns', { search: '', offset: 0, limit: 1 })
  expect(answer.type).toBe('answer')
  wire.socket.terminate()
}

async function exampleRun({ port, owner }: Stage): Promise<string> {
  const wire = await openPage(port, owner)
  const answer = await ask(wire, 1, 'listExamples', {})
  wire.socket.terminate()
  if (answer.type !== 'answer') throw new Error('there is no example')
  const [{ runId } = { runId: '' }] = answer.response as { runId: string }[]
  return runId
}

/** Of what the host holds: strangers, pages, and some of its own. */
async function descriptorsAreFew({ pid }: Stage): Promise<void> {
  if (process.platform !== 'linux') return
  await expect.poll(() => readdirSync(`/proc/${pid}/fd`).length).toBeLessThan(200)
}

function memoryBytes(pid: number): number {
  if (process.platform !== 'linux') return 0
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
  return pages * 4096
}
