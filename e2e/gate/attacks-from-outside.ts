import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Attack, ownerComesIn, type Stage } from './attack.js'
import { logIn } from './browser-session.js'
import { exchange, openRaw, type RawConnection, statusOf, upgradeLines } from './raw-connection.js'

const localUser = 'another user of this machine'
const network = 'anyone who can reach the port'

/** More than the host has room for. */
const many = 300

/** By somebody who has nothing of the owner's. */
export const attacksFromOutside: readonly Attack[] = [
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
]

async function openMany(port: number, lines: readonly string[]): Promise<RawConnection[]> {
  const held: RawConnection[] = []
  for (let index = 0; index < many; index++) {
    const connection = await openRaw(port)
    if (lines.length > 0) connection.socket.write(`${lines.join('\r\n')}\r\n\r\n`)
    held.push(connection)
  }
  return held
}

/** Of what the host holds: strangers, pages, and some of its own. */
async function descriptorsAreFew({ pid }: Stage): Promise<void> {
  if (process.platform !== 'linux') return
  await expect.poll(() => readdirSync(`/proc/${pid}/fd`).length).toBeLessThan(200)
}
