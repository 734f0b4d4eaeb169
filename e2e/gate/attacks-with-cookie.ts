import { expect } from 'vitest'
import { protocolVersion } from '../../src/shared/contract/wire.js'
import type { Attack } from './attack.js'
import { logIn, openPage, openWire } from './browser-session.js'

const otherPort = 'another server on this machine, to which the browser sent the cookie'

/** By another server that the browser sent the cookie to. */
export const attacksWithCookie: readonly Attack[] = [
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
]
